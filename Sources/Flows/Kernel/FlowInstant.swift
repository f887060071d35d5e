// A point in a scheduler's time.

/// A point in time, in nanoseconds since the beginning of its scheduler's time. Instants of two schedulers
/// have nothing to do with each other.
///
/// Sums saturate: a deadline in 300 years is as good as none.
@frozen
public struct FlowInstant: InstantProtocol, Sendable {
  public var nanoseconds: Int64

  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Further away than any run lasts.
  public static let distantFuture = FlowInstant(nanoseconds: .max)

  @inlinable
  public func advanced(by duration: Duration) -> FlowInstant {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return FlowInstant(nanoseconds: overflow ? (duration < .zero ? .min : .max) : sum)
  }

  @inlinable
  public func duration(to other: FlowInstant) -> Duration {
    let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
    return .nanoseconds(overflow ? (other < self ? .min : .max) : difference)
  }

  @inlinable
  public static func < (a: FlowInstant, b: FlowInstant) -> Bool { a.nanoseconds < b.nanoseconds }
}

extension Duration {
  /// The whole nanoseconds, rounded up so that no timer fires early; saturating.
  @inlinable
  var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let part = attoseconds / 1_000_000_000 + (attoseconds % 1_000_000_000 > 0 ? 1 : 0)
    let (sum, overflowed) = whole.addingReportingOverflow(part)
    return overflowed ? (seconds < 0 ? .min : .max) : sum
  }
}
