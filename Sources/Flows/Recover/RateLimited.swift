// A flow that begins no more often than a limiter allows.

/// What becomes of a run that finds too few tokens: ``Flow/rateLimited(_:weight:whenExceeded:)``.
public struct RateLimitPolicy: Sendable, Equatable {
  /// The longest wait; `nil` for any.
  @usableFromInline let patience: Duration?

  /// It waits, however long.
  public static let wait = RateLimitPolicy(patience: nil)

  /// It waits, unless that would last longer than `duration`: then it fails at once, with ``RateLimitExceeded``. It fails
  /// later when the limiter becomes slower while it waits.
  public static func wait(atMost duration: Duration) -> RateLimitPolicy {
    RateLimitPolicy(patience: duration)
  }

  /// It fails with ``RateLimitExceeded``.
  public static let fail = RateLimitPolicy(patience: .zero)
}

/// A run would have to wait too long for its tokens.
public struct RateLimitExceeded: Error, Equatable, CustomStringConvertible {
  /// When it would be its turn, as far as that is known.
  public let retryAfter: Duration
  public init(retryAfter: Duration) { self.retryAfter = retryAfter }
  public var description: String { "too many in too short a time: come again in \(retryAfter)" }
}

extension Flow {
  /// Starts the flow when `limiter` has the tokens for its run.
  ///
  ///     source          a|
  ///     rateLimited(3)  a--a--a|
  ///
  /// with a token every three frames, and the flow repeated three times behind it.
  ///
  /// **Failure.** With ``RateLimitExceeded`` when `policy` says so. **Cancellation.** A run that waits leaves the line.
  /// **Place.** A run that had to wait goes on where its scheduler runs work.
  ///
  /// - Parameters:
  ///   - limiter: shared by all flows of which so many may begin in a time.
  ///   - weight: how many tokens a run takes, at least 1; anything else traps.
  ///   - policy: what becomes of a run that finds too few.
  @inlinable
  public func rateLimited(
    _ limiter: RateLimiter, weight: Int = 1, whenExceeded policy: RateLimitPolicy
  ) -> Flow {
    precondition(weight > 0, "rateLimited(weight: \(weight)): a run takes at least one token")
    return admitted { limiter.enter($0, weight: weight, atMost: policy.patience) }
  }
}
