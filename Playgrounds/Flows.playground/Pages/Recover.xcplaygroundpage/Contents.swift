//: # Recover: what happens after a failure?
//: A failure ends a flow, after the elements before it. These decide what comes then. Pictures are drawn by running the
//: operator, in virtual time; `#` is a failure. What a line prints stands behind the arrow.

import FlowTesting
import Flows
import Synchronization

struct Offline: Error {}
struct Apology: Error {}
let broken = Flow.from([1, 2]).append(.fail(Offline()))

//: Something else instead.
try await print(broken.catch { _ in .from([10, 20]) }.collect())  // → [1, 2, 10, 20]
try await print(broken.replaceError(with: 0).collect())  // → [1, 2, 0]

//: Others, in order, unless something was delivered already.
let mirrors = [Flow<String>.fail(Offline()), .just("from the second mirror")]
try await print(Flow.fail(Offline()).fallback(to: mirrors).collect())  // → ["from the second mirror"]

//: A flow that cannot fail. If it does, that is a mistake in the program, and ends it.
try await print(broken.replaceError(with: 0).assertNoFailure().collect())  // → [1, 2, 0]

//: Another error.
do {
  try await broken.mapError { _ in Apology() }.drain()
} catch {
  print(error)
}
// → Apology()

//: Again. After a first element the consumer would see the beginning twice, so that has to be said.
try print(
  draw(
    """
    source    -#
    retry(2)
    """
  ) { $0["source"].retry(2) })
// → source    -#
// → retry(2)  ---#
try await print(broken.retry(1, after: .anything).replaceError(with: 0).collect())  // → [1, 2, 1, 2, 0]

//: Again, after a pause that grows.
let pauses = RetryPolicy.Backoff.exponential(initial: .milliseconds(2), factor: 2, max: .seconds(1))
let policy = RetryPolicy(maxAttempts: 4, backoff: pauses, jitter: .none)
try print(
  draw(
    """
    source         -#
    retry(policy)
    """
  ) { $0["source"].retry(policy) })
// → source         -#
// → retry(policy)  ------------------#

//: Go on where it broke off.
let rest = broken.retry(1, after: .resume { seen in .from((seen.count + 1)...4) })
try await print(rest.collect())  // → [1, 2, 3, 4]

//: A line around a part: a failure inside goes no further than you let it.
let pages = Flow.from(["a", "?", "c"]).concatMap { page in
  Flow.just(page).map { page in
    guard page != "?" else { throw Offline() }
    return page.uppercased()
  }.errorBoundary(label: "page") { failure in
    print("skipped after", failure.error)
    return .complete
  }
}
try await print(pages.collect())
// → skipped after Offline()
// → ["A", "C"]

//: The same for a flow that is made inside.
let guarded = Flow<Int>.errorBoundary(label: "cache", onError: { _ in .emit(0) }) { throw Offline() }
try await print(guarded.collect())  // → [0]

//: Again after the end.
try await print(Flow.from([1, 2]).repeat(3).collect())  // → [1, 2, 1, 2, 1, 2]
let runs = Atomic<Int>(0)
let few = Flow.just("run").repeat(while: { runs.add(1, ordering: .relaxed).newValue < 3 })
try await print(few.collect())  // → ["run", "run", "run"]

//: Limits that several flows share. After too many failures no run is begun for a while.
let breaker = CircuitBreaker(window: 4, failureRate: 0.5, minimumCalls: 2, openFor: .seconds(30))
for _ in 1...3 {
  do { try await Flow<Int>.fail(Offline()).circuitBreaker(breaker).drain() } catch { print(type(of: error)) }
}
print(breaker.snapshot.failures)
// → Offline
// → Offline
// → CircuitOpen
// → 2

//: Only so many begin in a time: here one every three milliseconds.
let limiter = RateLimiter(1, every: .milliseconds(3), burst: 1)
try print(
  draw(
    """
    source       a|
    rateLimited
    """
  ) { $0["source"].rateLimited(limiter, whenExceeded: .wait).repeat(3) })
// → source       a|
// → rateLimited  a--a--a|

//: Only so many at a time: here one after the other.
let one = Bulkhead(maxConcurrent: 1, maxWaiting: 8)
try print(
  draw(
    """
    a            -1-2-|
    b            -3-4-|
    bulkhead(1)
    """
  ) { $0["a"].bulkhead(one).merge(with: $0["b"].bulkhead(one)) })
// → a            -1-2-|
// → b            -3-4-|
// → bulkhead(1)  -1-2--3-4-|
