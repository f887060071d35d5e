// `flow replay`: plays what was recorded, through the decoder of the provider that it came from.
import FlowHTTP
import FlowProviders
import Flows

struct Replay: Command {
  static let name = "replay"
  static let summary = "plays a recorded exchange as if it came now"
  static var help: String {
    """
    flow replay FILE [--speed real|instant] [--protocol NAME] [--json]

      --speed SPEED     real: every piece when it came; instant (the default): all at once
      --protocol NAME   \(WireProtocol.all.map(\.name).joined(separator: ", ")); found by the address when left out
      --json            one event a line, as JSON

    Every exchange of the file is played, one after another. The exit status is 0 when all of them are complete.

    """
  }

  private enum Speed: String, CaseIterable {
    case real, instant
  }

  private let path: String
  private let timing: ReplayTransport.Timing
  private let wire: WireProtocol?
  private let form: AnswerForm

  init(_ arguments: inout Arguments) throws {
    timing = try arguments.choice("--speed", of: Speed.self) == .real ? .recorded : .immediate
    wire = try arguments.value("--protocol").map { name in
      guard let wire = WireProtocol(named: name) else { throw Misuse("there is no protocol \(name)") }
      return wire
    }
    form = arguments.flag("--json") ? .json : .text
    let words = arguments.rest()
    guard let path = words.first, words.count == 1 else { throw Misuse("one file is wanted") }
    self.path = path
  }

  func run() async throws -> ExitStatus {
    let recording: HTTPRecording
    do {
      recording = try HTTPRecording(reading: Bytes(try TextFile.read(path)))
    } catch let error as HTTPRecordingError {
      throw Complaint("\(path): \(error)")
    }
    if recording.exchanges.isEmpty { throw Complaint("\(path) holds no exchange") }
    return try await Interrupts.cancelling {
      var status = ExitStatus.success
      for exchange in recording.exchanges where try await play(exchange) != .success { status = .failure }
      return status
    }
  }

  private func play(_ exchange: HTTPRecording.Exchange) async throws -> ExitStatus {
    guard let format = RecordedFormat(exchange.request, wire) else {
      throw Complaint(
        "\(path): what \(exchange.request) speaks is not known", hint: "Name it with --protocol.")
    }
    let transport = ReplayTransport(HTTPRecording([exchange]), timing: timing, matching: .order)
    let answer = HTTPProvider(format, over: transport, limits: .none).stream(ChatRequest(model: ""))
    var screen = AnswerScreen(form, waitingFor: path)
    do {
      try await answer.forEach { try screen.show($0) }
      try screen.end()
      return .success
    } catch let error as ProviderError {
      try screen.end(.failed(error))
      Terminal.error("flow replay: \("\(error)".onOneLine)\n")
      return .failure
    }
  }
}

/// The language of a recorded exchange: asks what was asked, and reads the answer as whoever recorded it did.
struct RecordedFormat: WireFormat {
  let wire: WireProtocol
  private let asked: WireRequest

  var name: String { wire.name }

  /// - Returns: `nil` when the address tells no protocol, and none was named.
  init?(_ request: HTTPRequest, _ wire: WireProtocol?) {
    guard let wire = wire ?? WireProtocol(address: request.url) else { return nil }
    self.wire = wire
    asked = WireRequest(method: request.method, url: request.url, body: .null)
  }

  func request(for request: ChatRequest) -> WireRequest { asked }
}
