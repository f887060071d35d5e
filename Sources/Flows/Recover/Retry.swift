// Again after a failure.

extension Flow {
  /// What may have been delivered already for `retry` to try again.
  public enum RetryAllowance: Sendable {
    /// Nothing: a consumer never sees the beginning twice.
    case nothingEmitted
    /// Anything: the next attempt begins from the beginning, whatever the consumer has seen.
    case anything
    /// Anything: after elements were delivered, the next attempt is the flow that is made of all of them. They are
    /// kept in memory for that.
    case resume(@Sendable ([Element]) throws -> Flow)
  }

  /// When the upstream fails, runs it again, up to `count` times, without delay.
  ///
  ///     source    -#
  ///     retry(2)  ---#
  ///
  /// The same as with a ``RetryPolicy`` of `count + 1` attempts, and as careful: not after an element was delivered,
  /// unless `allowance` says so.
  ///
  /// - Parameters:
  ///   - count: how many times after the first; a negative number traps.
  ///   - allowance: what may have been delivered already.
  @inlinable
  public func retry(_ count: Int, after allowance: RetryAllowance = .nothingEmitted) -> Flow {
    precondition(count >= 0, "retry(\(count)): a flow cannot be retried less than zero times")
    return retry(RetryPolicy(maxAttempts: count == .max ? .max : count + 1), after: allowance)
  }

  /// When the upstream fails, waits, and runs it again, as `policy` says.
  ///
  ///     source                   -#
  ///     retry(3 attempts, 3 ms)  ---------#
  ///
  /// A failed attempt is let go before the wait. Only failures from upstream come here, never one of the consumer or
  /// of an operator downstream.
  ///
  /// **Demand.** What was asked for and not delivered is asked of the next attempt.
  /// **Failure.** With ``RetryExhausted`` when the attempts, or the time, that the policy allows are used up. With
  /// the upstream's own error when the policy does not retry it, or when elements were delivered and `allowance` is
  /// `.nothingEmitted`. **Time.** A wait ends with the run.
  ///
  /// - Parameters:
  ///   - policy: how often, and after which delays.
  ///   - allowance: what may have been delivered already.
  @inlinable
  public func retry(_ policy: RetryPolicy, after allowance: RetryAllowance = .nothingEmitted) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      let alarm = context.alarm()
      var attempts = Attempts(policy, from: context.now)
      var emitted: [Element] = []
      return { room in
        var turns = 0
        while true {
          if !upstream.isLive {
            if alarm.isSet && !alarm.isDue { return .pending }
            alarm.clear()
            var next = self
            if case .resume(let rest) = allowance, !emitted.isEmpty {
              do { next = try rest(emitted) } catch { return .failed(error) }
            }
            upstream.start(next)
          }
          let before = room.count
          let poll = upstream.poll(&room)
          if room.count > before {
            attempts.elementsCame()
            if case .resume = allowance { room.forEach(from: before) { emitted.append($0) } }
          }
          guard case .failed(let error) = poll else { return poll }
          if case .nothingEmitted = allowance, attempts.haveEmitted { return poll }
          switch attempts.next(after: error, at: context.now) {
          case .fail(let error): return .failed(error)
          case .wait(let delay):
            context.report("retry", ["error": "\(error)", "delay": "\(delay)"])
            if delay > .zero { alarm.set(after: delay) }
          }
          turns &+= 1
          if turns == 64 { return context.pollAgain() }
        }
      }
    }
  }
}

/// The memory of one run of `retry`: the attempts so far, and the delay that comes next.
@usableFromInline
package struct Attempts {
  @usableFromInline
  package enum Verdict {
    case wait(Duration)
    case fail(any Error)
  }

  private var policy: RetryPolicy
  private let start: FlowInstant
  private var count = 1
  private var delays: [Duration] = []
  /// What the backoff says next, and what was waited last, in nanoseconds.
  private var backoff: Double
  private var lastDelay: Double
  private var isFruitful = false
  /// An element was delivered by any of them.
  @usableFromInline private(set) var haveEmitted = false

  @usableFromInline
  package init(_ policy: RetryPolicy, from start: FlowInstant) {
    self.policy = policy
    self.start = start
    backoff = policy.backoff.initial
    lastDelay = backoff
  }

  /// The present attempt has delivered something.
  @usableFromInline
  mutating func elementsCame() {
    if isFruitful { return }
    isFruitful = true
    haveEmitted = true
    guard policy.resetAfter == .firstValue else { return }
    count = 1
    delays = []
    backoff = policy.backoff.initial
    lastDelay = backoff
  }

  /// What follows the failure of the present attempt.
  @usableFromInline
  package mutating func next(after error: any Error, at now: FlowInstant) -> Verdict {
    guard policy.retryIf(error) else { return .fail(error) }
    if count >= policy.maxAttempts { return exhausted(by: error) }
    let delay = policy.delayFrom(error).map(asked) ?? spread()
    let resumption = now.advanced(by: delay)
    if let budget = policy.totalBudget, start.duration(to: resumption) > budget {
      return exhausted(by: error)
    }
    count += 1
    // Attempts may go on for years; the report stays readable.
    if delays.count == 2 * RetryExhausted.latest { delays.removeFirst(RetryExhausted.latest) }
    delays.append(delay)
    isFruitful = false
    return .wait(delay)
  }

  private func exhausted(by error: any Error) -> Verdict {
    let latest = Array(delays.suffix(RetryExhausted.latest))
    return .fail(RetryExhausted(last: error, attempts: count, delays: latest))
  }

  /// The delay that an error asks for: never less, but no more than the cap.
  private func asked(_ delay: Duration) -> Duration {
    let nanoseconds = max(.zero, min(delay, policy.delayCap)).nanoseconds
    return .milliseconds(nanoseconds / 1_000_000 + (nanoseconds % 1_000_000 > 0 ? 1 : 0))
  }

  /// The next delay of the backoff, spread by chance.
  private mutating func spread() -> Duration {
    let delay = backoff
    backoff = policy.backoff.grown(from: delay)
    lastDelay =
      switch policy.jitter {
      case .none: delay
      case .full: random(0, delay)
      case .equal: random(delay / 2, delay)
      case .decorrelated: min(policy.backoff.greatest, random(policy.backoff.initial, lastDelay * 3))
      }
    return .nanoseconds(Int64(lastDelay.rounded()))
  }

  private mutating func random(_ low: Double, _ high: Double) -> Double {
    Double.random(in: low...max(low, high), using: &policy.generator)
  }
}
