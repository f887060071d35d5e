// A log of what is done.
import Flows

/// Hands on all that it hears, one record after another: a log, a test, the way to a collector.
///
/// ```swift
/// let provider = openAI.observed(by: TelemetryLog { record in print(record.json) })
/// ```
public struct TelemetryLog: Telemetry {
  public enum Record: Sendable, Hashable {
    case began(TelemetrySpan)
    case noted(TelemetryEvent, SpanID)
    case ended(TelemetrySpan, TelemetryOutcome)
  }

  private let write: @Sendable (Record) -> Void

  /// - Parameter write: called by whoever moves a run on, from several threads when several runs are.
  public init(_ write: @escaping @Sendable (Record) -> Void) { self.write = write }

  public func begin(_ span: TelemetrySpan) { write(.began(span)) }
  public func note(_ event: TelemetryEvent, in span: SpanID) { write(.noted(event, span)) }
  public func end(_ span: TelemetrySpan, _ outcome: TelemetryOutcome) { write(.ended(span, outcome)) }
}

extension TelemetryLog.Record {
  /// The record as a JSON object. Instants are seconds in the time of the run.
  public var json: JSONValue {
    switch self {
    case .began(let span):
      var object = line("began", span.id, span.name, at: span.start, span.attributes)
      object.set("parent", span.parent?.spanID)
      object["kind"] = .string(span.kind.rawValue)
      return .object(object)
    case .noted(let event, let id):
      return .object(line("noted", id, event.name, at: event.instant, event.attributes))
    case .ended(let span, let outcome):
      var object = line("ended", span.id, span.name, at: outcome.end, outcome.attributes)
      object["status"] = .string(outcome.status.name)
      object.set("seconds", span.start.duration(to: outcome.end))
      return .object(object)
    }
  }

  private func line(
    _ record: String, _ id: SpanID, _ name: String, at instant: FlowInstant, _ attributes: JSONObject
  ) -> JSONObject {
    [
      "record": .string(record), "name": .string(name), "trace": .string(id.traceID),
      "span": .string(id.spanID), "at": .number(FlowInstant(nanoseconds: 0).duration(to: instant).seconds),
      "attributes": .object(attributes),
    ]
  }
}
