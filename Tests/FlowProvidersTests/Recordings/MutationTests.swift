// Recorded streams with mistakes in them: no bytes may crash a decoder, keep it busy or break its grammar.
import Testing

@testable import FlowProviders

@Suite struct MutationTests {
  private func check(_ bytes: [UInt8], _ wire: WireProtocol, _ framing: WireFraming, _ what: String) {
    var decoder = ChatDecoder(wire, framing: framing)
    var grammar = ChatGrammar()
    var terminals = 0
    for event in decoder.decode(bytes) + decoder.finish() {
      guard case .right = grammar.judge(event) else {
        Issue.record("\(what): \(event) is misplaced: \(grammar.judge(event))")
        return
      }
      grammar.take(event)
      if event.isTerminal { terminals += 1 }
    }
    #expect(terminals == 1, "\(what)")
  }

  private func mutated(_ bytes: [UInt8], _ random: inout SeededRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0..<4, using: &random) {
      guard !bytes.isEmpty else { return bytes }
      let start = Int.random(in: bytes.indices, using: &random)
      let end = min(bytes.count, start + Int.random(in: 1..<200, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[start] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(start..<end)
      case 2: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: bytes.indices, using: &random))
      case 3: bytes[start..<end].reverse()
      case 4: bytes[start] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      default:
        let words = [
          "\"", "{", "}", "[", "]", "null", "-1", "1e999", "\\u", "\n\n", "\r", "\"error\":", "[DONE]", "9",
        ]
        bytes.insert(contentsOf: words.randomElement(using: &random)!.utf8, at: start)
      }
    }
    return bytes
  }

  @Test(arguments: Recordings.all)
  func `with mistakes in it, a recording still ends once and keeps the grammar`(recorded: Recorded) {
    var random = SeededRandom(UInt64(recorded.bytes.count))
    // A long recording is no better than its beginning.
    let bytes = Array(recorded.bytes.prefix(20_000))
    for turn in 0..<12 {
      check(mutated(bytes, &random), recorded.wire, recorded.framing, "\(recorded.file), turn \(turn)")
    }
  }

  @Test(arguments: Recordings.all)
  func `read as another protocol, a recording ends once and keeps the grammar`(recorded: Recorded) {
    let bytes = Array(recorded.bytes.prefix(8_000))
    for wire in WireProtocol.all {
      for framing in WireFraming.allCases { check(bytes, wire, framing, "\(recorded.file) as \(wire.name)") }
    }
  }

  @Test(arguments: WireProtocol.all.map(\.name))
  func `random bytes end once and keep the grammar`(name: String) throws {
    let wire = try #require(WireProtocol(named: name))
    var random = SeededRandom(17)
    for turn in 0..<150 {
      let count = Int.random(in: 0..<400, using: &random)
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      for framing in WireFraming.allCases { check(bytes, wire, framing, "\(name), turn \(turn)") }
    }
  }
}
