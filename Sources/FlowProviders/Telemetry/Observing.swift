// Tells of every call of a provider.
import Flows

/// Tells a ``Telemetry`` of every run of a provider: one span, with the names of OpenTelemetry's conventions for generative
/// AI, from the first event that is asked for to the end, whatever the end is.
///
/// Every call shape is a run of the one flow, so none is missed. What stands further in, retries and routers, tells of its
/// parts as parts of this span (``Flows/Flow/inSpan(_:attributes:kind:)``); put around each provider of a router as well,
/// it tells of those calls as parts of the whole.
///
/// Times are those at which events pass here: a consumer that is slow makes them longer.
public struct Observing: Middleware {
  private let telemetry: any Telemetry
  private let provider: String
  private let content: TelemetryContent

  /// - Parameters:
  ///   - telemetry: who hears.
  ///   - provider: the name of the provider that this stands around.
  ///   - content: whether what was said is told.
  public init(_ telemetry: any Telemetry..., provider: String, content: TelemetryContent = .none) {
    self.init(telemetry, provider: provider, content: content)
  }

  init(_ telemetry: [any Telemetry], provider: String, content: TelemetryContent) {
    self.telemetry = telemetry.count == 1 ? telemetry[0] : Audience(all: telemetry)
    self.provider = provider
    self.content = content
  }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    Flow { context in
      let parent = context[CurrentSpan.self]?.id
      let span = OpenSpan(
        telemetry, parent?.sibling() ?? SpanID(), parent: parent,
        name: GenAI.span(operation: GenAI.chat, model: request.model), kind: .client,
        attributes: GenAI.attributes(of: request, to: provider))
      let answer = ObservedAnswer(request, span, content, next(request), context)
      return { room in answer.poll(&room) }
    }
  }
}

extension ChatProvider {
  /// This provider, of whose every call `telemetry` hears.
  ///
  /// ```swift
  /// let metrics = Metrics()
  /// let provider = openAI.observed(by: metrics)
  /// ```
  public func observed(
    by telemetry: any Telemetry..., content: TelemetryContent = .none
  ) -> any ChatProvider {
    with(Observing(telemetry, provider: name, content: content))
  }
}

/// Several who hear.
private struct Audience: Telemetry {
  let all: [any Telemetry]

  func begin(_ span: TelemetrySpan) { for one in all { one.begin(span) } }
  func note(_ event: TelemetryEvent, in span: SpanID) { for one in all { one.note(event, in: span) } }
  func end(_ span: TelemetrySpan, _ outcome: TelemetryOutcome) { for one in all { one.end(span, outcome) } }
}

/// One answer that is told of. The stage holds it, and when it is let go it tells that it was: so it needs no lock.
private final class ObservedAnswer {
  private let context: FlowContext
  private let request: ChatRequest
  private let content: TelemetryContent
  private var span: OpenSpan
  private var meter: AnswerMeter
  /// Only when what was said is to be told.
  private var response: ChatResponse?
  private var upstream: Flow<ChatEvent>.Stage?

  init(
    _ request: ChatRequest, _ span: OpenSpan, _ content: TelemetryContent, _ answer: Flow<ChatEvent>,
    _ context: FlowContext
  ) {
    self.context = context
    self.request = request
    self.content = content
    self.span = span
    meter = AnswerMeter(at: context.now)
    if content != .none { response = ChatResponse() }
    upstream = answer.withValue(span.current, for: CurrentSpan.self).start(in: context)
  }

  deinit {
    // Its parts end before it does.
    upstream = nil
    // Whoever reads no further than the terminal has the whole answer.
    end(meter.isFinished ? .ok : .cancelled)
  }

  func poll(_ room: inout Chunk<ChatEvent>) -> Poll {
    guard let upstream else { return .finished }
    if !span.hasBegun, !room.isFull { begin() }
    let start = room.count
    let poll = upstream(&room)
    if room.count > start { look(at: &room, from: start) }
    switch poll {
    case .more, .pending: break
    case .finished:
      self.upstream = nil
      end(.ok)
    case .failed(let error):
      self.upstream = nil
      if !span.hasBegun { begin() }
      end(TelemetryOutcome.Status(error), error is CancellationError ? nil : ProviderError(wrapping: error))
    }
    return poll
  }

  private func begin() {
    let now = context.now
    span.begin(at: now)
    meter.begin(at: now)
  }

  private func look(at room: inout Chunk<ChatEvent>, from start: Int) {
    let now = context.now
    let isFirst = !meter.hasChunk
    room.keep(from: start) { event in
      meter.take(event, at: now)
      return true
    }
    if isFirst, meter.hasChunk { span.note("gen_ai.first_chunk", at: now) }
    if response != nil {
      room.keep(from: start) { event in
        response?.add(event)
        return true
      }
    }
  }

  private func end(_ status: TelemetryOutcome.Status, _ error: ProviderError? = nil) {
    if span.isEnded || !span.hasBegun { return }
    let now = context.now
    let report = meter.report(at: now, after: error, to: request)
    var attributes = GenAI.attributes(of: report)
    GenAI.write(status, error, to: &attributes)
    content.write(request, response, error, to: &attributes)
    span.end(status, at: now, attributes: attributes, answer: report)
  }
}
