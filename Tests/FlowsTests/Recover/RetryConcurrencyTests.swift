// Attempts on one thread, and a cancellation on another.
import FlowTesting
import Testing

@testable import Flows

private struct Refused: Error {}

@Suite struct RetryConcurrencyTests {
  @Test func `a wait that is cancelled ends, and begins no attempt any more`() {
    let scheduler = SystemScheduler(name: "test.attempts")
    var random = SplitMix(seed: 21)
    let live = LiveCount()
    for _ in 0..<500 {
      let attempts = Counter()
      let failing = Flow<Int> { context in
        attempts.add()
        context.onEnd { [token = live.token()] in _ = token }
        return { [token = live.token()] _ in
          _ = token
          return .failed(Refused())
        }
      }
      let policy = RetryPolicy(maxAttempts: .max, backoff: .constant(.microseconds(20)))
      let subscription = failing.retry(policy).scheduler(scheduler).subscribe(onValue: { _ in })
      spin(nanoseconds: Int64.random(in: 0...150_000, using: &random))
      subscription.cancel()
      #expect(subscription.isEnded)
      // One may be under way on the other thread.
      scheduler.drain()
      let count = attempts.count
      #expect(scheduler.pendingTimers == 0)
      scheduler.drain()
      #expect(attempts.count == count && count >= 1)
    }
    #expect(live.live == 0)
    scheduler.stop()
  }

  @Test func `attempts that end on several threads are counted`() {
    let scheduler = SystemScheduler(name: "test.attempts")
    let others = SystemScheduler(name: "test.others")
    for _ in 0..<100 {
      let ended = ThreadSignal()
      let failure = Box<RetryExhausted?>(nil)
      let failing = Flow<Int>.create(buffer: 1, whenFull: .fail) { emitter in
        others.execute { emitter.fail(Refused()) }
      }
      let policy = RetryPolicy(maxAttempts: 10, backoff: .constant(.microseconds(10)))
      let subscription = failing.retry(policy).scheduler(scheduler).subscribe(onValue: { _ in }) { end in
        if case .failed(let error) = end { failure.value = error as? RetryExhausted }
        ended.signal()
      }
      #expect(ended.wait(until: Platform.now() + 60_000_000_000))
      #expect(failure.value?.attempts == 10)
      #expect(subscription.isEnded)
    }
    #expect(scheduler.pendingTimers == 0)
    scheduler.stop()
    others.stop()
  }
}
