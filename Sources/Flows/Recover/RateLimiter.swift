// So many runs in a time.

/// Lets so many runs begin in a time, of all the flows that share it: ``Flow/rateLimited(_:weight:whenExceeded:)``.
///
/// ```swift
/// let limiter = RateLimiter(60, every: .seconds(60), burst: 10)
/// let answer = question.rateLimited(limiter, whenExceeded: .wait)
/// ```
///
/// A bucket of tokens that is full at the beginning: a run takes one, or as many as it weighs, and they come back evenly,
/// so many in every interval, until the bucket is full. Runs that find too few wait in a line, first come, first served;
/// only the first of them has a timer.
///
/// A run that weighs more than the bucket holds begins when that is full, and those after it wait until the debt is paid.
///
/// What a server says about its limits can be told here at any time: ``update(_:every:burst:)``,
/// ``update(remaining:)`` and ``pause(until:)``. Its time is that of the runs, so let all that share it have the same.
public final class RateLimiter: Sendable {
  private let turnstile: Turnstile<TokenBucket>

  /// - Parameters:
  ///   - count: how many tokens come back in an interval, at least 1; anything else traps.
  ///   - interval: more than zero; anything else traps.
  ///   - burst: how many tokens the bucket holds, at least 1; anything else traps.
  public init(_ count: Int, every interval: Duration, burst: Int) {
    turnstile = Turnstile(TokenBucket(count, every: interval, burst: burst))
  }

  /// What is going on at a limiter.
  public struct Snapshot: Sendable, Equatable {
    /// How many tokens there are; less than none while a debt is paid.
    public let available: Int
    /// How many runs wait.
    public let waiting: Int
    /// When the present pause ends; `nil` when there is none.
    public let pausedUntil: FlowInstant?
  }

  /// What is going on now.
  public var snapshot: Snapshot {
    turnstile.look { bucket, waiting, now in
      Snapshot(
        available: bucket.available(at: now), waiting: waiting,
        pausedUntil: bucket.pausedUntil > now ? bucket.pausedUntil : nil)
    }
  }

  /// Changes the rate, from now on. Tokens that are there stay, as far as the bucket holds them.
  ///
  /// - Parameters: see ``init(_:every:burst:)``.
  public func update(_ count: Int, every interval: Duration, burst: Int) {
    let other = TokenBucket(count, every: interval, burst: burst)
    turnstile.change { $0.become(other, at: $1) }
  }

  /// Says how many tokens are left by a better account, that of the server: there are no more than so many.
  ///
  /// - Parameter count: zero or more; a negative number traps.
  public func update(remaining count: Int) {
    precondition(count >= 0, "update(remaining: \(count)): what is left cannot be negative")
    turnstile.change { $0.keep(atMost: count, at: $1) }
  }

  /// Takes tokens that are not asked for by a run, whether they are there or not: for what turns out to have cost more
  /// than it weighed.
  ///
  /// - Parameter weight: zero or more; a negative number traps.
  public func spend(_ weight: Int) {
    precondition(weight >= 0, "spend(\(weight)): a negative number of tokens cannot be spent")
    turnstile.change { $0.spend(weight, at: $1) }
  }

  /// Lets no run begin before `instant`. Pauses are not added: the one that ends last counts. Tokens come back meanwhile.
  public func pause(until instant: FlowInstant) {
    turnstile.change { bucket, _ in bucket.pausedUntil = max(bucket.pausedUntil, instant) }
  }

  /// Lets no run begin for `duration`. See ``pause(until:)``.
  public func pause(for duration: Duration) {
    turnstile.change { $0.pausedUntil = max($0.pausedUntil, $1.advanced(by: duration)) }
  }

  /// Ends the pause, if there is one.
  public func resume() {
    turnstile.change { bucket, _ in bucket.pausedUntil = TokenBucket.never }
  }

  @usableFromInline
  func enter(_ context: FlowContext, weight: Int, atMost patience: Duration?) -> Admission {
    turnstile.enter(context, weight: weight, atMost: patience)
  }
}

/// Tokens that are taken out, and come back with time. In whole parts of tokens: nothing is lost by rounding.
struct TokenBucket: TurnstileRule {
  static let never = FlowInstant(nanoseconds: .min)
  /// What is beyond this is as good as no limit, and leaves room for sums.
  private static let most = 1 << 40

  /// How many parts come back in a nanosecond: of so many parts is a token that as many tokens as this come back in an
  /// interval.
  private var count: Int128
  /// How many parts a token has: the nanoseconds of an interval.
  private var token: Int128
  private var burst: Int128
  /// How many parts there are, or are owed.
  private var level: Int128
  /// When that was so.
  private var last = TokenBucket.never
  var pausedUntil = TokenBucket.never

  init(_ count: Int, every interval: Duration, burst: Int) {
    precondition(count > 0, "RateLimiter(\(count)): at least one run must be let in")
    precondition(interval > .zero, "RateLimiter(every: \(interval)): the interval must be more than zero")
    precondition(burst > 0, "RateLimiter(burst: \(burst)): the bucket must hold at least one token")
    self.count = Int128(min(count, Self.most))
    token = Int128(interval.nanoseconds)
    self.burst = Int128(min(burst, Self.most))
    level = self.burst * token
  }

  private var full: Int128 { burst * token }

  /// How many parts there are at `now`, and what is not before the last look.
  private func level(at now: FlowInstant) -> Int128 {
    // The first look finds the bucket as it was made.
    if last == Self.never || now <= last { return level }
    let elapsed = Int128(now.nanoseconds) - Int128(last.nanoseconds)
    return min(full, level + elapsed * count)
  }

  private mutating func refill(at now: FlowInstant) {
    level = level(at: now)
    last = max(last, now)
  }

  private func parts(_ weight: Int) -> Int128 { Int128(min(weight, Self.most)) * token }

  /// What must be there for one of `weight` to be let in.
  private func need(_ weight: Int) -> Int128 { min(parts(weight), full) }

  mutating func admit(_ weight: Int, at now: FlowInstant) -> Bool {
    refill(at: now)
    guard now >= pausedUntil, level >= need(weight) else { return false }
    level -= parts(weight)
    return true
  }

  func opening(for weight: Int, behind ahead: Int128, at now: FlowInstant) -> FlowInstant? {
    let base = max(now, last, pausedUntil)
    let missing = need(weight) + min(ahead, 1 << 50) * token - level(at: base)
    if missing <= 0 { return base }
    let wait = (missing + count - 1) / count
    return FlowInstant(nanoseconds: Int64(clamping: Int128(base.nanoseconds) + wait))
  }

  mutating func leave(_ weight: Int) -> Bool { false }

  func refusal(until opening: FlowInstant?, at now: FlowInstant) -> any Error {
    RateLimitExceeded(retryAfter: max(.zero, now.duration(to: opening ?? now)))
  }

  /// How many whole tokens there are.
  func available(at now: FlowInstant) -> Int {
    let level = level(at: now)
    return Int(clamping: level >= 0 ? level / token : -((-level + token - 1) / token))
  }

  mutating func become(_ other: TokenBucket, at now: FlowInstant) {
    refill(at: now)
    // Whole tokens first: the product of the rest fits.
    level = level / token * other.token + level % token * other.token / token
    (count, token, burst) = (other.count, other.token, other.burst)
    level = min(level, full)
  }

  mutating func keep(atMost count: Int, at now: FlowInstant) {
    refill(at: now)
    level = min(level, parts(count))
  }

  mutating func spend(_ weight: Int, at now: FlowInstant) {
    refill(at: now)
    level = max(level - parts(weight), -(1 << 120))
  }
}
