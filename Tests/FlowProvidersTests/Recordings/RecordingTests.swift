// Every recorded stream, however its bytes are cut.
import Foundation
import Testing

@testable import FlowProviders

@Suite struct RecordingTests {
  @Test(arguments: Recordings.all)
  func `decodes to what an independent reader finds`(recorded: Recorded) throws {
    let events = decode(recorded, [recorded.bytes[...]])
    let oracle = try #require(Oracle(recorded, recorded.bytes))
    let response = ChatResponse(events)
    #expect(texts(response) == oracle.text)
    #expect(calls(response).map(\.name) == oracle.calls.map(\.name))
    for (mine, theirs) in zip(calls(response), oracle.calls) where !theirs.arguments.isEmpty {
      #expect(same(mine.arguments, theirs.arguments), "\(mine.arguments) and \(theirs.arguments)")
    }
    #expect((response.finish != nil) == (oracle.isComplete && !oracle.hasFailed))
    if let finish = response.finish {
      #expect(finish.raw == oracle.finish)
      #expect(response.usage?.inputTokens == oracle.input)
      #expect(response.usage?.outputTokens == oracle.output)
    }
  }

  @Test(arguments: Recordings.all)
  func `keeps the grammar`(recorded: Recorded) {
    var grammar = ChatGrammar()
    for event in decode(recorded, [recorded.bytes[...]]) {
      guard case .right = grammar.judge(event) else {
        Issue.record("\(event) is misplaced: \(grammar.judge(event))")
        return
      }
      grammar.take(event)
    }
    #expect(grammar.isEnded)
  }

  @Test(arguments: Recordings.all)
  func `tells the pieces of a call before the call, and nothing else`(recorded: Recorded) {
    var pieces: [ChatEvent.Place: String] = [:]
    for event in decode(recorded, [recorded.bytes[...]]) {
      switch event {
      case .toolArgumentsDelta(let text, _, let place): pieces[place, default: ""] += text
      case .toolCall(let call, let place):
        #expect(pieces[place] ?? "" == call.arguments || (pieces[place] == nil && call.arguments == "{}"))
      default: break
      }
    }
  }

  @Test(arguments: Recordings.all)
  func `is the same byte by byte`(recorded: Recorded) {
    let whole = decode(recorded, [recorded.bytes[...]])
    #expect(decode(recorded, recorded.bytes.indices.map { recorded.bytes[$0...$0] }) == whole)
  }

  @Test(arguments: Recordings.all)
  func `is the same at a hundred random cuts`(recorded: Recorded) {
    let whole = decode(recorded, [recorded.bytes[...]])
    for seed in 1...5 as ClosedRange<UInt64> {
      var random = SeededRandom(seed)
      let cuts = (0..<100).map { _ in Int.random(in: 0...recorded.bytes.count, using: &random) }.sorted()
      let borders = [0] + cuts + [recorded.bytes.count]
      let pieces = zip(borders, borders.dropFirst()).map { recorded.bytes[$0..<$1] }
      #expect(decode(recorded, pieces) == whole)
    }
  }

  @Test(arguments: Recordings.all, ["\n", "\r", "\r\n"])
  func `is the same with any line ends`(recorded: Recorded, lineEnd: String) {
    let whole = decode(recorded, [recorded.bytes[...]])
    let text = String(decoding: recorded.bytes, as: UTF8.self)
    let lines = text.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    let rewritten = Array(lines.replacing("\n", with: lineEnd).utf8)
    // What a warning quotes may contain the line ends.
    #expect(decode(recorded, [rewritten[...]]).map(withoutQuotes) == whole.map(withoutQuotes))
    #expect(
      decode(recorded, rewritten.indices.map { rewritten[$0...$0] }).map(withoutQuotes)
        == whole.map(withoutQuotes))
  }

  @Test(arguments: Recordings.all)
  func `cut at any event border it is truncated, unless the end sign lies before the cut`(
    recorded: Recorded
  ) throws {
    let whole = decode(recorded, [recorded.bytes[...]])
    var decoder = ChatDecoder(recorded.wire, framing: recorded.framing)
    var told: [ChatEvent] = []
    var start = 0
    for border in borders(recorded) {
      told += decoder.decode(recorded.bytes[start..<border])
      start = border
      var cut = decoder
      let last = cut.finish()
      let terminal = try #require((told + last).last)
      let oracle = try #require(Oracle(recorded, recorded.bytes[..<border]))
      if oracle.isComplete && !oracle.hasFailed {
        guard case .finished = terminal else {
          Issue.record("cut at \(border): \(terminal), although the answer is complete")
          return
        }
      } else {
        guard case .failed(let error) = terminal else {
          Issue.record("cut at \(border): \(terminal)")
          return
        }
        if !oracle.hasFailed { #expect(error.kind == .truncated) }
        let before = (told + last).dropLast()
        #expect(whole.starts(with: before), "cut at \(border): \(before.last as Any)")
      }
    }
  }

  // MARK: Tools

  private func decode(_ recorded: Recorded, _ pieces: [ArraySlice<UInt8>]) -> [ChatEvent] {
    var decoder = ChatDecoder(recorded.wire, framing: recorded.framing)
    return pieces.flatMap { decoder.decode($0) } + decoder.finish()
  }

  /// Behind every line that ends a frame: an empty one, or any where a frame is a line.
  private func borders(_ recorded: Recorded) -> [Int] {
    let bytes = recorded.bytes
    var borders: [Int] = []
    var lineStart = 0
    for (index, byte) in bytes.enumerated() where byte == 0x0A {
      let line = bytes[lineStart..<index].filter { $0 != 0x0D }
      if recorded.framing == .jsonLines || line.isEmpty { borders.append(index + 1) }
      lineStart = index + 1
    }
    return borders
  }

  private func texts(_ response: ChatResponse) -> [Int: String] {
    Dictionary(uniqueKeysWithValues: response.choices.map { ($0.number, $0.text) }).filter {
      !$0.value.isEmpty
    }
  }

  private func calls(_ response: ChatResponse) -> [ToolCall] { response.choices.flatMap(\.toolCalls) }

  /// Whether two JSON texts mean the same; texts that are no JSON must be equal.
  private func same(_ a: String, _ b: String) -> Bool {
    func value(_ text: String) -> NSObject? {
      (try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)) as? NSObject
    }
    if let a = value(a), let b = value(b) { return a.isEqual(b) }
    return a == b
  }

  private func withoutQuotes(_ event: ChatEvent) -> ChatEvent {
    switch event {
    case .warning(let warning): return .warning(Warning(warning.kind, ""))
    case .failed(var error):
      error.bodySnippet = nil
      return .failed(error)
    default: return event
    }
  }
}
