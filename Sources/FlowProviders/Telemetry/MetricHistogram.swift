// How many measurements fell where.

/// A distribution in fixed buckets: its memory does not grow with what is recorded.
public struct MetricHistogram: Sendable, Hashable, Codable {
  /// The upper ends of the buckets, ascending; what is larger than the last falls into one more.
  public let bounds: [Double]
  /// How many fell into each bucket; one more than there are bounds.
  public private(set) var counts: [Int]
  public private(set) var sum = 0.0
  public private(set) var count = 0

  /// - Parameter bounds: ascending and finite; anything else traps.
  public init(bounds: [Double]) {
    precondition(
      zip(bounds, bounds.dropFirst()).allSatisfy(<) && bounds.allSatisfy(\.isFinite),
      "the bounds of a histogram must ascend: \(bounds)")
    self.bounds = bounds
    counts = Array(repeating: 0, count: bounds.count + 1)
  }

  /// Records a measurement. What is no number is left out.
  public mutating func record(_ value: Double) {
    guard value.isFinite else { return }
    var bucket = 0
    while bucket < bounds.count, value > bounds[bucket] { bucket &+= 1 }
    counts[bucket] &+= 1
    sum += value
    count &+= 1
  }

  /// Adds what another histogram has recorded. One with other bounds traps.
  public mutating func add(_ other: MetricHistogram) {
    precondition(bounds == other.bounds, "histograms with different bounds cannot be added")
    for bucket in counts.indices { counts[bucket] += other.counts[bucket] }
    sum += other.sum
    count += other.count
  }

  public var mean: Double? { count == 0 ? nil : sum / Double(count) }

  /// The value that a share of all measurements does not exceed, as near as the buckets tell: in between their ends it
  /// is interpolated. `nil` when nothing was recorded.
  ///
  /// - Parameter share: from 0 to 1: 0.95 for the 95th percentile.
  public func quantile(_ share: Double) -> Double? {
    guard count > 0, let last = bounds.last else { return mean }
    let rank = min(max(share, 0), 1) * Double(count)
    var below = 0
    for (bucket, bound) in bounds.enumerated() {
      if counts[bucket] > 0, Double(below + counts[bucket]) >= rank {
        let start = bucket == 0 ? min(0, bound) : bounds[bucket - 1]
        return start + (bound - start) * max(0, rank - Double(below)) / Double(counts[bucket])
      }
      below += counts[bucket]
    }
    return last
  }
}

/// The bounds that OpenTelemetry recommends, and those of this library in its manner.
extension MetricHistogram {
  static let durationBounds = [
    0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
  ]
  static let tokenBounds: [Double] = [
    1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
  ]
  static let firstChunkBounds = [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
  ]
  static let chunkBounds = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5]
  static let speedBounds: [Double] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
}
