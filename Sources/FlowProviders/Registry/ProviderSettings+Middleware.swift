// What the settings of a provider put around it.
import Flows

extension ProviderSettings {
  /// What stands around the provider by these settings: attempts, outermost; then what it may be asked in a stretch of
  /// time, and how much of that side by side. Whoever makes it twice has two accounts.
  public var middleware: [any Middleware] {
    var all: [any Middleware] = []
    if retry.attempts > 1 { all.append(ProviderRetry(retry.policy, longestWait: retry.retryAfter)) }
    if let requestRate { all.append(RateLimiter(requestRate)) }
    if let tokenRate { all.append(TokenPacing(limiter: RateLimiter(tokenRate))) }
    if let maxInFlight { all.append(Bulkhead(maxConcurrent: maxInFlight, maxWaiting: maxQueue ?? .max)) }
    return all
  }
}

extension RateLimiter {
  /// What is not used up in one stretch of time is there in the next, but no more.
  fileprivate convenience init(_ rate: ConfigurationRate) {
    self.init(rate.count, every: rate.period, burst: rate.count)
  }
}

/// Lets no answer begin before those that have begun are paid for.
private struct TokenPacing: Middleware {
  let limiter: RateLimiter

  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    limiter.intercept(request, next: next).onValue { [limiter] event in
      guard case .usage(let usage) = event else { return }
      // What an answer has cost is known when it has been told. One was taken at the beginning.
      let cost = usage.totalTokens ?? (usage.allInputTokens ?? 0) + (usage.allOutputTokens ?? 0)
      limiter.spend(max(0, cost - 1))
    }
  }
}
