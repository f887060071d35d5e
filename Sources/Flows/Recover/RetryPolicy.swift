// When to try again, and how long to wait first.

/// How often a failed flow is run again, and after which delays. A value: make one, keep it, change a copy.
///
/// ```swift
/// let policy = RetryPolicy(
///   maxAttempts: 4, backoff: .exponential(initial: .milliseconds(500), factor: 2, max: .seconds(8)),
///   jitter: .full, totalBudget: .seconds(60), delayFrom: { ($0 as? TooManyRequests)?.retryAfter })
/// ```
public struct RetryPolicy: Sendable {
  /// How the delays grow from one failure to the next.
  public enum Backoff: Sendable, Equatable {
    case constant(Duration)
    /// `initial`, then `step` more each time, at most `max`.
    case linear(initial: Duration, step: Duration, max: Duration)
    /// `initial`, then `factor` times as much each time, at most `max`.
    case exponential(initial: Duration, factor: Double, max: Duration)
  }

  /// How chance spreads the delays, so that those who failed together do not come back together.
  public enum Jitter: Sendable, Equatable {
    /// The delay itself.
    case none
    /// From nothing to the delay.
    case full
    /// From half the delay to the delay.
    case equal
    /// From the initial delay to three times the delay before, at most the backoff's greatest.
    case decorrelated
  }

  /// When attempts and delays are counted from the beginning again.
  public enum Reset: Sendable, Equatable {
    case never
    /// When an attempt has delivered its first element.
    case firstValue
  }

  /// How many times the flow is run at most, the first time included: at least 1.
  public var maxAttempts: Int
  public var backoff: Backoff
  public var jitter: Jitter
  /// No attempt begins later than this after the start of the run; `nil` for no limit.
  public var totalBudget: Duration?
  /// Whether an error is worth another attempt. Others are passed on as they are.
  public var retryIf: @Sendable (any Error) -> Bool
  /// The delay that an error asks for (`Retry-After`), instead of backoff and jitter. Rounded up to whole
  /// milliseconds: never early. `nil` when it does not ask for one.
  public var delayFrom: @Sendable (any Error) -> Duration?
  /// The longest delay that an error can ask for; what is longer is cut to this.
  public var delayCap: Duration
  public var resetAfter: Reset
  /// Where chance comes from. Every run begins with a copy.
  public var generator: any RandomNumberGenerator & Sendable

  /// - Parameters:
  ///   - maxAttempts: how many times the flow is run at most, the first time included. Less than 1 traps.
  ///   - backoff: how the delays grow. A negative delay, or factor, traps.
  ///   - jitter: how chance spreads the delays.
  ///   - totalBudget: no attempt begins later than this after the start of the run.
  ///   - retryIf: whether an error is worth another attempt; every error is but `CancellationError`.
  ///   - delayFrom: the delay that an error asks for.
  ///   - delayCap: the longest delay that an error can ask for.
  ///   - resetAfter: when attempts and delays are counted from the beginning again.
  ///   - generator: where chance comes from: hand in a seeded one to know the delays.
  public init(
    maxAttempts: Int, backoff: Backoff = .constant(.zero), jitter: Jitter = .none,
    totalBudget: Duration? = nil,
    retryIf: @escaping @Sendable (any Error) -> Bool = { !($0 is CancellationError) },
    delayFrom: @escaping @Sendable (any Error) -> Duration? = { _ in nil },
    delayCap: Duration = .seconds(120), resetAfter: Reset = .never,
    generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
  ) {
    precondition(maxAttempts >= 1, "maxAttempts: \(maxAttempts): the first attempt counts, so at least 1")
    precondition(backoff.isSound, "a delay cannot be negative, nor its factor: \(backoff)")
    self.maxAttempts = maxAttempts
    self.backoff = backoff
    self.jitter = jitter
    self.totalBudget = totalBudget
    self.retryIf = retryIf
    self.delayFrom = delayFrom
    self.delayCap = delayCap
    self.resetAfter = resetAfter
    self.generator = generator
  }
}

/// The attempts that a ``RetryPolicy`` allows were not enough.
public struct RetryExhausted: Error, CustomStringConvertible {
  /// The failure of the last attempt.
  public let last: any Error
  /// How many attempts there were.
  public let attempts: Int
  /// What was waited between them; of a long story the latest thousand.
  public let delays: [Duration]

  public init(last: any Error, attempts: Int, delays: [Duration]) {
    self.last = last
    self.attempts = attempts
    self.delays = delays
  }

  static let latest = 1000

  public var description: String { "gave up after \(attempts) attempts: \(last)" }
}

extension RetryPolicy.Backoff {
  /// In nanoseconds.
  var initial: Double {
    switch self {
    case .constant(let delay): Self.count(delay)
    case .linear(let initial, _, let max), .exponential(let initial, _, let max):
      Self.count(min(initial, max))
    }
  }

  var greatest: Double {
    switch self {
    case .constant(let delay): Self.count(delay)
    case .linear(_, _, let max), .exponential(_, _, let max): Self.count(max)
    }
  }

  /// The delay that follows one of `delay`.
  func grown(from delay: Double) -> Double {
    switch self {
    case .constant: delay
    case .linear(_, let step, _): min(delay + Self.count(step), greatest)
    case .exponential(_, let factor, _): min(delay * factor, greatest)
    }
  }

  /// A century is long enough, and leaves room for sums.
  private static func count(_ delay: Duration) -> Double { min(Double(delay.nanoseconds), 0x1p61) }

  var isSound: Bool {
    switch self {
    case .constant(let delay): delay >= .zero
    case .linear(let initial, let step, let max): min(initial, step, max) >= .zero
    case .exponential(let initial, let factor, let max):
      min(initial, max) >= .zero && factor >= 0 && factor.isFinite
    }
  }
}
