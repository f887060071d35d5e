// `flow decode`: a provider's bytes in, events out.
import FlowHTTP
import FlowProviders

struct Decode: Command {
  static let name = "decode"
  static let summary = "turns a provider's bytes on stdin into events"
  static var help: String {
    """
    flow decode --protocol NAME [--framing NAME] [--chunk BYTES] [--strict] [--json]

      --protocol NAME   \(WireProtocol.all.map(\.name).joined(separator: ", "))
      --framing NAME    \(WireFraming.allCases.map(\.rawValue).joined(separator: ", ")); the protocol's own when left out
      --chunk BYTES     hand the input over in pieces of this size
      --strict          a frame that is not JSON fails the answer
      --json            one JSON object a line

    The exit status is 0 only for a complete answer.

    """
  }

  private let wire: WireProtocol
  private let framing: WireFraming?
  private let chunk: Int?
  private let tolerance: FrameTolerance
  private let isJSON: Bool

  init(_ arguments: inout Arguments) throws {
    guard let name = try arguments.value("--protocol") else { throw Misuse("--protocol is missing") }
    guard let wire = WireProtocol(named: name) else { throw Misuse("there is no protocol \(name)") }
    self.wire = wire
    framing = try arguments.choice("--framing")
    chunk = try arguments.number("--chunk", in: 1...(1 << 30))
    tolerance = arguments.flag("--strict") ? .strict : .lenient(upTo: 8)
    isJSON = arguments.flag("--json")
  }

  func run() throws -> ExitStatus {
    var decoder = ChatDecoder(wire, framing: framing, tolerance: tolerance)
    var status = ExitStatus.failure
    func show(_ events: [ChatEvent]) throws {
      if events.isEmpty { return }
      for event in events { if case .finished = event { status = .success } }
      try Terminal.out(events.map(isJSON ? \.jsonLine : \.plainLine).joined(separator: "\n") + "\n")
    }
    while case let bytes = Bytes(try Terminal.read(atMost: 1 << 16)), !bytes.isEmpty {
      let size = chunk ?? bytes.count
      for start in stride(from: 0, to: bytes.count, by: size) {
        try show(decoder.decode(bytes[start..<min(start + size, bytes.count)]))
      }
    }
    try show(decoder.finish())
    return status
  }
}

extension ChatEvent {
  /// The event for people: its name, and its fields as they are called in the JSON form.
  fileprivate var plainLine: String {
    let fields = json.filter { $0.key != "type" }
    return ([name] + fields.map { "\($0.key)=\($0.value)" }).joined(separator: " ")
  }
}
