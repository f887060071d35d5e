// The laws of Recover.
import FlowTesting
import Flows

enum RecoverRows {
  static let all: [LawRow] = [
    .operator("catch", failures: .handled) { source, law in
      source.catch { _ in .just(try law.call(7)) }
    },
    .operator("replaceError", failures: .handled) { source, _ in source.replaceError(with: 7) },
    .operator("mapError", failures: .handled) { source, law in source.mapError { try law.call($0) } },
    .operator("errorBoundary", failures: .handled) { source, law in
      source.errorBoundary(label: "part") { _ in try law.call(.emit(7)) }
    },
    .operator("retry", failures: .handled) { source, _ in source.retry(2) },
    .operator("retry(policy)", failures: .handled) { source, _ in
      source.retry(RetryPolicy(maxAttempts: 3, backoff: .constant(.milliseconds(1))))
    },
    .operator("retry(after: .anything)", failures: .handled) { source, _ in
      source.retry(2, after: .anything)
    },
    .operator("retry(after: .resume)", failures: .handled) { source, law in
      source.retry(2, after: .resume { emitted in .just(try law.call(emitted.count)) })
    },
    // Its own tests see to what it does not survive.
    .operator("assertNoFailure", failures: .handled) { source, _ in
      source.replaceError(with: 7).assertNoFailure()
    },
    .operator("fallback", failures: .handled) { source, law in
      source.fallback(to: [.just(7)], when: { _ in try law.call(true) })
    },
    .operator("circuitBreaker") { source, _ in
      source.circuitBreaker(
        CircuitBreaker(window: 100, failureRate: 1, minimumCalls: 100, openFor: .seconds(1)))
    },
    .operator("bulkhead") { source, _ in source.bulkhead(Bulkhead(maxConcurrent: 100, maxWaiting: 0)) },
    .operator("rateLimited") { source, _ in
      source.rateLimited(RateLimiter(1, every: .milliseconds(1), burst: 100), whenExceeded: .fail)
    },
    .operator("rateLimited, after a pause") { source, law in
      let limiter = RateLimiter(1, every: .milliseconds(1), burst: 100)
      limiter.pause(until: law.time.now.advanced(by: .milliseconds(2)))
      return source.rateLimited(limiter, whenExceeded: .wait)
    },
    .operator("repeat(2)") { source, _ in source.repeat(2) },
    .operator("repeat(while:)", ends: .whenAsked) { source, law in
      source.repeat(while: { try law.call(false) })
    },
  ]
}
