// Limits that requests share, around a provider.
import Flows

/// Around a provider: so many requests at a time. One that finds no place fails with a ``ProviderError`` of the kind
/// `overloaded` and the code `bulkhead_full`.
extension Bulkhead: Middleware {
  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request).bulkhead(self).refusalsAsProviderErrors()
  }
}

/// Around a provider: so many requests in a time; those that come too early wait. For a bound on the wait see
/// ``ProviderRate``.
extension RateLimiter: Middleware {
  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    ProviderRate(self, whenExceeded: .wait).intercept(request, next: next)
  }
}

/// A rate limiter around a provider, with what becomes of requests that come too early. One that is refused fails with a
/// ``ProviderError`` of the kind `rateLimited` and the code `rate_limiter`.
public struct ProviderRate: Middleware {
  public let limiter: RateLimiter
  public let policy: RateLimitPolicy

  public init(_ limiter: RateLimiter, whenExceeded policy: RateLimitPolicy) {
    self.limiter = limiter
    self.policy = policy
  }

  public func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request).rateLimited(limiter, whenExceeded: policy).refusalsAsProviderErrors()
  }
}

extension Flow where Element == ChatEvent {
  /// What limits refuse fails as everything else does around a provider.
  func refusalsAsProviderErrors() -> Flow {
    mapError { error in
      switch error {
      case let error as CircuitOpen:
        ProviderError(.overloaded, "\(error)", code: "circuit_open", retryAfter: error.retryAfter)
      case let error as BulkheadFull: ProviderError(.overloaded, "\(error)", code: "bulkhead_full")
      case let error as RateLimitExceeded:
        ProviderError(.rateLimited, "\(error)", code: "rate_limiter", retryAfter: error.retryAfter)
      default: error
      }
    }
  }
}
