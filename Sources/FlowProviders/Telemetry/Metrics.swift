// Counts what is done.
import Flows

/// Counts what it hears: requests, failures by kind, times and tokens, for each provider and model; and gauges that others
/// feed.
///
/// ```swift
/// let metrics = Metrics()
/// let provider = openAI.observed(by: metrics)
/// ...
/// print(metrics.snapshot().prometheus)
/// ```
///
/// Its memory is bounded: what does not fit is counted under the name `other`, and a gauge that does not fit is left out.
// Everything is guarded by the lock; readers are called outside of it.
public final class Metrics: Telemetry, @unchecked Sendable {
  private let lock = Lock()
  private var counts: MetricCounts
  private var readers: [Int: MetricReader] = [:]
  private var lastReader = 0

  /// - Parameter limit: the most pairs of provider and model, and the most gauges, at least 1; anything else traps.
  public init(limit: Int = 1000) {
    precondition(limit > 0, "metrics(limit: \(limit)): something must be counted")
    counts = MetricCounts(limit: limit)
  }

  public func begin(_ span: TelemetrySpan) { lock(self) { counts.begin(span.attributes) } }

  public func end(_ span: TelemetrySpan, _ outcome: TelemetryOutcome) {
    let seconds = span.start.duration(to: outcome.end).seconds
    lock(self) { counts.end(span.attributes, outcome, seconds: seconds) }
  }

  /// A figure that somebody sets: how many wait in a queue, what a breaker is in.
  ///
  /// - Parameters:
  ///   - name: in the manner of Prometheus: `flow_queue_waiting`.
  ///   - help: what it counts, and in which unit.
  ///   - labels: which of several it is.
  public func gauge(_ name: String, help: String, labels: [String: String] = [:]) -> MetricGauge {
    MetricGauge(self, name, help, labels)
  }

  /// Asks for figures whenever a snapshot is taken: of a cache, a pool, a registry. Several may come of one reader.
  ///
  /// - Parameter read: called by whoever takes a snapshot. When it answers `nil`, whom it asks is gone, and it is not called
  ///   again.
  public func reading(_ read: @escaping @Sendable () -> [MetricReading]?) {
    lock(self) {
      lastReader += 1
      readers[lastReader] = MetricReader(read: read)
    }
  }

  /// All figures as they are.
  public func snapshot() -> MetricsSnapshot {
    var snapshot = lock(self) { counts.snapshot }
    let readers = lock(self) { self.readers }
    for (number, reader) in readers.sorted(by: { $0.key < $1.key }) {
      if let readings = reader.read() {
        snapshot.readings += readings
      } else {
        lock(self) { _ = self.readers.removeValue(forKey: number) }
      }
    }
    return snapshot
  }

  /// All figures, every `interval`: what they are then, not what has changed.
  ///
  /// - Parameter interval: more than zero; anything else traps.
  public func snapshots(every interval: Duration) -> Flow<MetricsSnapshot> {
    Flow<FlowTick>.interval(every: interval).map { [self] _ in snapshot() }
  }

  fileprivate func change(_ reading: MetricReading, _ change: (inout Double) -> Void) {
    lock(self) { counts.change(reading, change) }
  }
}

private struct MetricReader {
  let read: @Sendable () -> [MetricReading]?
}

/// A figure that somebody sets.
public struct MetricGauge: Sendable {
  private let metrics: Metrics
  private let reading: MetricReading

  fileprivate init(_ metrics: Metrics, _ name: String, _ help: String, _ labels: [String: String]) {
    self.metrics = metrics
    reading = MetricReading(name, help: help, labels: labels, value: 0)
  }

  public func set(_ value: Double) { metrics.change(reading) { $0 = value } }
  public func add(_ value: Double) { metrics.change(reading) { $0 += value } }
}

/// The figures, under no lock.
private struct MetricCounts {
  private struct Key: Hashable {
    let operation: String
    let provider: String
    let model: String
  }

  private struct GaugeKey: Hashable {
    let name: String
    let labels: [String: String]
  }

  private let limit: Int
  private var providers: [Key: ProviderMetrics] = [:]
  private var gauges: [GaugeKey: MetricReading] = [:]

  init(limit: Int) { self.limit = limit }

  /// Work that is no request to a model has no place here.
  private func key(_ attributes: JSONObject) -> Key? {
    guard let operation = attributes[GenAI.operation]?.string else { return nil }
    let provider = attributes[GenAI.provider]?.string ?? ""
    let key = Key(
      operation: operation, provider: provider, model: attributes[GenAI.requestModel]?.string ?? "")
    if providers[key] != nil || providers.count < limit { return key }
    // Whoever names models at will fills no memory.
    return Key(operation: operation, provider: "other", model: "other")
  }

  mutating func begin(_ attributes: JSONObject) { change(attributes) { $0.inFlight += 1 } }

  mutating func end(_ attributes: JSONObject, _ outcome: TelemetryOutcome, seconds: Double) {
    change(attributes) {
      $0.inFlight = max(0, $0.inFlight - 1)
      $0.add(outcome, seconds: seconds)
    }
  }

  private mutating func change(_ attributes: JSONObject, _ change: (inout ProviderMetrics) -> Void) {
    guard let key = key(attributes) else { return }
    change(
      &providers[
        key, default: ProviderMetrics(operation: key.operation, provider: key.provider, model: key.model)])
  }

  mutating func change(_ reading: MetricReading, _ change: (inout Double) -> Void) {
    let key = GaugeKey(name: reading.name, labels: reading.labels)
    guard gauges[key] != nil || gauges.count < limit else { return }
    change(&gauges[key, default: reading].value)
  }

  var snapshot: MetricsSnapshot {
    let sorted = providers.values.sorted {
      ($0.operation, $0.provider, $0.model) < ($1.operation, $1.provider, $1.model)
    }
    return MetricsSnapshot(providers: sorted, readings: Array(gauges.values))
  }
}
