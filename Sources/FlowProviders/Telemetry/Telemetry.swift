// Who hears what is done.
import Flows

/// Something that hears of work when it begins and when it ends: metrics, a tracer, a log.
///
/// It is put around a provider with ``ChatProvider/observed(by:content:)``, and hears of every call of it, in whatever
/// shape. It is called from whoever moves a run on, or ends it, and must be quick: once at the beginning, once at the
/// first token, once at the end, never for a token.
public protocol Telemetry: Sendable {
  /// Work begins.
  func begin(_ span: TelemetrySpan)
  /// Something happened within work that has begun and has not ended.
  func note(_ event: TelemetryEvent, in span: SpanID)
  /// Work is over, in whatever way. Called exactly once for each that has begun.
  func end(_ span: TelemetrySpan, _ outcome: TelemetryOutcome)
}

extension Telemetry {
  public func begin(_ span: TelemetrySpan) {}
  public func note(_ event: TelemetryEvent, in span: SpanID) {}
}

/// A piece of work: an answer, an attempt at it, the search of a route.
public struct TelemetrySpan: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable {
    /// Somebody else is asked.
    case client
    /// Something is done in this process.
    case `internal`
  }

  public let id: SpanID
  /// The work that this is a part of.
  public let parent: SpanID?
  public let name: String
  public let kind: Kind
  /// By the time of the run, whose beginning is nowhere in the calendar.
  public let start: FlowInstant
  /// What was known at the beginning, under OpenTelemetry's names where it has some.
  public let attributes: JSONObject

  public init(
    id: SpanID, parent: SpanID? = nil, name: String, kind: Kind = .internal, start: FlowInstant,
    attributes: JSONObject = JSONObject()
  ) {
    self.id = id
    self.parent = parent
    self.name = name
    self.kind = kind
    self.start = start
    self.attributes = attributes
  }
}

/// Something that happened within a piece of work.
public struct TelemetryEvent: Sendable, Hashable {
  public var name: String
  public var instant: FlowInstant
  public var attributes: JSONObject

  public init(_ name: String, at instant: FlowInstant, attributes: JSONObject = JSONObject()) {
    self.name = name
    self.instant = instant
    self.attributes = attributes
  }
}

/// How a piece of work ended.
public struct TelemetryOutcome: Sendable, Hashable {
  public enum Status: Sendable, Hashable {
    case ok
    case failed(ProviderError.Kind)
    /// Whoever asked has left.
    case cancelled
  }

  public var status: Status
  public var end: FlowInstant
  /// What is known at the end.
  public var attributes: JSONObject
  /// What became of a request to a model; `nil` for other work.
  public var answer: AnswerReport?

  public init(
    _ status: Status, at end: FlowInstant, attributes: JSONObject = JSONObject(), answer: AnswerReport? = nil
  ) {
    self.status = status
    self.end = end
    self.attributes = attributes
    self.answer = answer
  }
}

extension TelemetryOutcome.Status {
  init(_ error: any Error) {
    self = error is CancellationError ? .cancelled : .failed(ProviderError(wrapping: error).kind)
  }

  /// `ok`, `cancelled`, or the kind of the failure.
  public var name: String {
    switch self {
    case .ok: "ok"
    case .cancelled: "cancelled"
    case .failed(let kind): kind.telemetryName
    }
  }
}

extension ProviderError.Kind {
  /// The kind as a label: few values, and those of a timeout name what was waited for.
  var telemetryName: String {
    if case .timeout(let phase) = self { "timeout.\(phase.rawValue)" } else { name }
  }
}
