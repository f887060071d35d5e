// What the settings of a provider put around it.
import Flows

extension ProviderSettings {
  /// What stands around the provider by these settings: attempts, outermost; then what it may be asked in a stretch of
  /// time, and how much of that side by side. Whoever makes it twice has two accounts.
  public var middleware: [any Middleware] {
    var all: [any Middleware] = []
    if retry.attempts > 1 { all.append(Retrying(policy: retry.policy)) }
    if let requestRate { all.append(Pacing(limiter: RateLimiter(requestRate), counts: .requests)) }
    if let tokenRate { all.append(Pacing(limiter: RateLimiter(tokenRate), counts: .tokens)) }
    if let maxInFlight {
      all.append(Bounding(bulkhead: Bulkhead(maxConcurrent: maxInFlight, maxWaiting: maxQueue ?? .max)))
    }
    return all
  }
}

extension RateLimiter {
  /// What is not used up in one stretch of time is there in the next, but no more.
  fileprivate convenience init(_ rate: ConfigurationRate) {
    self.init(rate.count, every: rate.period, burst: rate.count)
  }
}

/// Asks again after a failure before which nothing was told.
private struct Retrying: Middleware {
  let policy: RetryPolicy

  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request).retry(policy).mapError { error in
      ProviderError(wrapping: (error as? RetryExhausted)?.last ?? error)
    }
  }
}

/// Lets no more begin than may.
private struct Pacing: Middleware {
  enum Count { case requests, tokens }

  let limiter: RateLimiter
  let counts: Count

  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    let paced = next(request).rateLimited(limiter, whenExceeded: .wait)
    guard counts == .tokens else { return paced }
    // What an answer has cost is known when it has been told; the next one waits for it.
    return paced.onValue { [limiter] event in
      guard case .usage(let usage) = event else { return }
      let cost = usage.totalTokens ?? (usage.allInputTokens ?? 0) + (usage.allOutputTokens ?? 0)
      // One was taken at the beginning.
      limiter.spend(max(0, cost - 1))
    }
  }
}

/// Lets no more be under way than may.
private struct Bounding: Middleware {
  let bulkhead: Bulkhead

  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request).bulkhead(bulkhead).mapError { error in
      (error as? BulkheadFull).map { ProviderError(.overloaded, "\($0)") } ?? error
    }
  }
}
