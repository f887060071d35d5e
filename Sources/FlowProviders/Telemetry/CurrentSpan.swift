// What a run is a part of, and how parts of it are told.
import Flows

/// The work that a run is a part of. It is handed up with the run, so that whoever stands further up can tell of its
/// own work as a part of that, whatever stands between.
///
/// ```swift
/// let answer = provider.stream(request).withValue(CurrentSpan(telemetry, id), for: CurrentSpan.self)
/// ```
public struct CurrentSpan: Sendable, FlowContextKey {
  public static let defaultValue: CurrentSpan? = nil

  public let telemetry: any Telemetry
  public let id: SpanID

  public init(_ telemetry: any Telemetry, _ id: SpanID) {
    self.telemetry = telemetry
    self.id = id
  }
}

extension FlowContext {
  /// Tells whoever hears of this run that something happened, as an event of the work that it is a part of. Without
  /// anybody, nothing is done, not even `attributes`.
  public func noteEvent(_ name: String, _ attributes: @autoclosure () -> JSONObject = JSONObject()) {
    guard let current = self[CurrentSpan.self] else { return }
    current.telemetry.note(TelemetryEvent(name, at: now, attributes: attributes()), in: current.id)
  }
}

extension Flow {
  /// Tells of each run of this flow as a part of the work around it: an attempt, a member of a race, a look into a cache.
  ///
  /// ```swift
  /// let attempt = next(request).inSpan("attempt 2", attributes: ["flow.attempt": 2])
  /// ```
  ///
  ///     source  -a-b-|
  ///     inSpan  -a-b-|
  ///
  /// The span begins when something is asked for first, and ends when the flow does, or is let go. What is told further
  /// up is told as a part of it. Nothing is done in a run of which nobody hears (``ChatProvider/observed(by:content:)``).
  ///
  /// - Parameters:
  ///   - name: of the work; few names, many spans.
  ///   - attributes: what is known at the beginning.
  ///   - kind: whether somebody else is asked.
  public func inSpan(
    _ name: String, attributes: JSONObject = JSONObject(), kind: TelemetrySpan.Kind = .internal
  ) -> Flow {
    Flow { context in
      guard let current = context[CurrentSpan.self] else { return start(in: context) }
      let span = OpenSpan(
        current.telemetry, current.id.sibling(), parent: current.id, name: name, kind: kind,
        attributes: attributes)
      let part = SpanPart(span, self, context)
      return { room in part.poll(&room) }
    }
  }
}

/// A flow that is told of. Let go, it tells that it was.
///
/// That the stage holds it, and not the run, keeps a cancellation from another thread out of the way of a poll: it needs
/// no lock.
private final class SpanPart<Element: Sendable> {
  private let context: FlowContext
  private var span: OpenSpan
  private var upstream: Flow<Element>.Stage?

  init(_ span: OpenSpan, _ flow: Flow<Element>, _ context: FlowContext) {
    self.span = span
    self.context = context
    upstream = flow.withValue(span.current, for: CurrentSpan.self).start(in: context)
  }

  deinit {
    // Its parts end before it does.
    upstream = nil
    span.end(.cancelled, at: context.now)
  }

  func poll(_ room: inout Chunk<Element>) -> Poll {
    guard let upstream else { return .finished }
    if !room.isFull, !span.hasBegun { span.begin(at: context.now) }
    let poll = upstream(&room)
    switch poll {
    case .more, .pending: return poll
    case .finished: end(.ok)
    case .failed(let error): end(TelemetryOutcome.Status(error))
    }
    return poll
  }

  private func end(_ status: TelemetryOutcome.Status) {
    upstream = nil
    if !span.hasBegun { span.begin(at: context.now) }
    span.end(status, at: context.now)
  }
}

/// A span on its way: it begins at most once, and ends once if it has begun.
struct OpenSpan {
  private let telemetry: any Telemetry
  private let id: SpanID
  private let parent: SpanID?
  private let name: String
  private let kind: TelemetrySpan.Kind
  private let attributes: JSONObject
  private var begun: TelemetrySpan?
  private(set) var isEnded = false

  init(
    _ telemetry: any Telemetry, _ id: SpanID, parent: SpanID?, name: String, kind: TelemetrySpan.Kind,
    attributes: JSONObject
  ) {
    self.telemetry = telemetry
    self.id = id
    self.parent = parent
    self.name = name
    self.kind = kind
    self.attributes = attributes
  }

  var hasBegun: Bool { begun != nil }

  /// What is told further up is a part of this.
  var current: CurrentSpan { CurrentSpan(telemetry, id) }

  mutating func begin(at instant: FlowInstant) {
    if hasBegun { return }
    let span = TelemetrySpan(
      id: id, parent: parent, name: name, kind: kind, start: instant, attributes: attributes)
    begun = span
    telemetry.begin(span)
  }

  func note(_ name: String, at instant: FlowInstant) {
    telemetry.note(TelemetryEvent(name, at: instant), in: id)
  }

  /// What nobody ever asked for is not told of.
  mutating func end(
    _ status: TelemetryOutcome.Status, at instant: FlowInstant, attributes: JSONObject = JSONObject(),
    answer: AnswerReport? = nil
  ) {
    guard let begun, !isEnded else { return }
    isEnded = true
    telemetry.end(begun, TelemetryOutcome(status, at: instant, attributes: attributes, answer: answer))
  }
}
