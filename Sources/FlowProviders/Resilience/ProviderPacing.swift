// Slower before a provider says no.
import Flows

/// Spreads what a provider says is left of its limits over the time until there is more, so that its refusal never comes.
/// One for each provider and key; all flows that use those share it.
///
/// ```swift
/// let paced = openAI.with(ProviderPacing())
/// ```
///
/// As long as there is plenty, nothing is slowed down. When less than ``threshold`` of a limit is left, requests begin so
/// far apart that the rest lasts until the limit is full again; when nothing is left, they wait for that. Limits on tokens
/// are counted in answers of the size of the last ones. A refusal with a time (`Retry-After`) holds back all.
public final class ProviderPacing: Middleware {
  /// What part of a limit must be left for nobody to wait.
  public let threshold: Double
  /// The longest wait; whoever would wait longer fails at once, with a ``ProviderError`` of the kind `rateLimited`.
  public let longestWait: Duration

  private let limiter = RateLimiter(1 << 30, every: .seconds(1), burst: 1 << 30)
  private let pace = Guarded(Pace())

  public init(threshold: Double = 0.25, longestWait: Duration = .seconds(120)) {
    precondition((0...1).contains(threshold), "ProviderPacing(threshold: \(threshold)): between 0 and 1")
    self.threshold = threshold
    self.longestWait = longestWait
  }

  /// How far apart requests begin at present; zero when nobody waits.
  public var interval: Duration { pace.change { $0.interval } }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    let answer = next(request)
    return Flow<ChatEvent> { [self] context in
      let scheduler = context.scheduler
      let end = pace.change { $0.isOver(at: context.now) }
      if end { limiter.update(1 << 30, every: .seconds(1), burst: 1 << 30) }
      return answer.handleEvents(
        receiveOutput: { [self] event in
          switch event {
          case .rateLimits(let limits): take(limits, at: scheduler.now)
          case .usage(let usage): pace.change { $0.take(usage) }
          default: break
          }
        },
        receiveCompletion: { [self] end in
          if case .failed(let error as ProviderError) = end, error.kind == .rateLimited,
            let delay = error.retryAfter
          {
            limiter.pause(until: scheduler.now.advanced(by: delay))
          }
        }
      )
      .rateLimited(limiter, whenExceeded: .wait(atMost: longestWait)).refusalsAsProviderErrors()
      .start(in: context)
    }
  }

  /// What a provider has said of its limits.
  private func take(_ limits: RateLimits, at now: FlowInstant) {
    switch pace.change({ $0.take(limits, threshold: threshold, at: now) }) {
    case .free: limiter.update(1 << 30, every: .seconds(1), burst: 1 << 30)
    case .spread(let count, let time):
      limiter.update(count, every: time, burst: 1)
      // One has just begun.
      limiter.update(remaining: 0)
    case .wait(let time): limiter.pause(until: now.advanced(by: time))
    }
  }
}

/// How fast requests may come. No lock, no clock: time comes in.
struct Pace {
  enum Verdict: Equatable {
    case free
    /// So many within a time.
    case spread(Int, over: Duration)
    case wait(Duration)
  }

  private(set) var interval = Duration.zero
  private var end: FlowInstant?
  /// What an answer takes: the newest counts a quarter.
  private var tokens: Double?

  mutating func take(_ usage: Usage) {
    guard let total = usage.totalled.totalTokens, total > 0 else { return }
    tokens = tokens.map { $0 * 0.75 + Double(total) * 0.25 } ?? Double(total)
  }

  /// Whether the time is over for which requests were spread.
  mutating func isOver(at now: FlowInstant) -> Bool {
    guard let end, now >= end else { return false }
    self.end = nil
    interval = .zero
    return true
  }

  mutating func take(_ limits: RateLimits, threshold: Double, at now: FlowInstant) -> Verdict {
    if let wait = limits.untilMore, wait > .zero {
      interval = wait
      end = now.advanced(by: wait)
      return .wait(wait)
    }
    let tightest =
      [
        spread(limits.requests, 1, threshold), spread(limits.tokens, tokens, threshold),
        spread(limits.inputTokens, tokens, threshold), spread(limits.outputTokens, tokens, threshold),
      ]
      .compactMap(\.self).max { $0.time / $0.count < $1.time / $1.count }
    guard let tightest else {
      interval = .zero
      end = nil
      return .free
    }
    interval = tightest.time / tightest.count
    end = now.advanced(by: tightest.time)
    return .spread(tightest.count, over: tightest.time)
  }

  private func spread(_ limit: RateLimits.Limit, _ size: Double?, _ threshold: Double) -> (
    count: Int, time: Duration
  )? {
    guard let remaining = limit.remaining, remaining > 0, let reset = limit.reset, reset > .zero, let size
    else { return nil }
    // A limit that does not say how much it is counts as nearly used up when a handful are left.
    if Double(remaining) > threshold * Double(limit.limit ?? 40) { return nil }
    return (max(1, Int(min(Double(remaining) / size, 1e9))), reset)
  }
}
