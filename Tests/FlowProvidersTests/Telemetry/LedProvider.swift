// A provider whose every event a test decides.
import FlowProviders
import FlowTesting
import Flows

/// Answers with a flow that a test drives, and remembers what it was asked.
final class LedProvider: ChatProvider {
  let name: String
  let source: TestFlow<ChatEvent>
  let asked = Latest<[ChatRequest]>()
  let declared: Capabilities

  init(_ name: String = "led", capabilities: Capabilities = Capabilities()) {
    self.name = name
    source = TestFlow(name)
    declared = capabilities
    asked.value = []
  }

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow.deferred { [self] in
      asked.change { $0.append(request) }
      return source.flow
    }
  }

  func capabilities(of model: String) async throws -> Capabilities { declared }

  /// Begins an answer.
  func begin(_ model: String = "m-1") {
    source.send(.started(.init(id: "x", model: model)), .roundStarted(0), .textStarted(.init(block: 0)))
  }

  func say(_ text: String) { source.send(.textDelta(text, .init(block: 0))) }

  func end(_ usage: Usage? = nil, _ finish: Finish = Finish(.stop)) {
    source.send(.textEnded(.init(block: 0)))
    if let usage { source.send(.usage(usage)) }
    source.send(.roundEnded(0, finish), .finished(finish))
    source.finish()
  }

  /// A whole answer.
  func answer(_ texts: String..., usage: Usage? = nil) {
    begin()
    for text in texts { say(text) }
    end(usage)
  }
}

/// What a telemetry was told.
final class Heard: Sendable {
  private let all = Latest<[TelemetryLog.Record]>()

  init() { all.value = [] }

  var log: TelemetryLog { TelemetryLog { [all] record in all.change { $0.append(record) } } }
  var records: [TelemetryLog.Record] { all.value ?? [] }

  var begun: [TelemetrySpan] { records.compactMap { if case .began(let span) = $0 { span } else { nil } } }
  var ended: [(span: TelemetrySpan, outcome: TelemetryOutcome)] {
    records.compactMap { if case .ended(let span, let outcome) = $0 { (span, outcome) } else { nil } }
  }
  var events: [TelemetryEvent] {
    records.compactMap { if case .noted(let event, _) = $0 { event } else { nil } }
  }

  /// All that was told, as text.
  var text: String { records.map(\.json.text).joined(separator: "\n") }
}

/// Holds recordings, which would cancel if they were let go.
final class Kept: Sendable {
  private let all = Latest<[any Sendable]>()

  init() { all.value = [] }

  func keep(_ something: any Sendable) { all.change { $0.append(something) } }
}
