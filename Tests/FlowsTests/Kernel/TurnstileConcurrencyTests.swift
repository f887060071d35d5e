// Limits that runs on several threads share.
import Synchronization
import Testing

@testable import Flows

@Suite struct TurnstileConcurrencyTests {
  private static let threads = 4
  private static let rounds = 500

  /// Runs flows on several threads, some of which are cancelled in their middle, and waits for all.
  private func storm(_ flow: Flow<Int>) async {
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<Self.threads {
        group.addTask {
          for round in 0..<Self.rounds {
            let isCancelled = (round + thread) % 3 == 0
            let task = Task { try? await flow.drain() }
            if isCancelled { task.cancel() }
            await task.value
          }
        }
      }
    }
  }

  @Test func `no more are inside than may be, and in the end nobody`() async {
    let inside = Counter()
    let most = Atomic<Int>(0)
    let few = Bulkhead(maxConcurrent: 2, maxWaiting: .max)
    let work = Flow<Int>.future {
      inside.add()
      most.max(inside.count, ordering: .relaxed)
      await Task.yield()
      inside.add(-1)
      return 1
    }
    await storm(work.bulkhead(few))
    #expect(few.snapshot == .init(inUse: 0, waiting: 0))
    #expect(most.load(ordering: .relaxed) <= 2 && inside.count == 0)
  }

  @Test func `a limiter that is changed all the time lets everybody in, or refuses`() async {
    let limiter = RateLimiter(1, every: .nanoseconds(500), burst: 3)
    let isOver = Atomic<Bool>(false)
    async let changes: Void = {
      var round = 0
      while !isOver.load(ordering: .relaxed) {
        round += 1
        switch round % 4 {
        case 0: limiter.update(1, every: .nanoseconds(300 + round % 300), burst: 1 + round % 3)
        case 1: limiter.pause(for: .microseconds(20))
        case 2: limiter.update(remaining: 0)
        default: limiter.resume()
        }
        await Task.yield()
      }
    }()
    await storm(Flow.just(1).rateLimited(limiter, whenExceeded: .wait(atMost: .seconds(60))))
    isOver.store(true, ordering: .relaxed)
    await changes
    #expect(limiter.snapshot.waiting == 0)
  }

  @Test func `a breaker counts every probe back, and tells its states in order`() async throws {
    let breaker = CircuitBreaker(window: 8, failureRate: 0.5, minimumCalls: 4, openFor: .zero, probes: 2)
    let number = Counter()
    let flaky = Flow<Int>.deferred {
      number.add()
      return number.count % 3 == 0 ? .just(1) : .fail(Flaky())
    }
    let states = Journal<CircuitBreaker.State>()
    let subscription = breaker.states.subscribe { states.note($0) }
    await storm(flaky.circuitBreaker(breaker))
    #expect(breaker.snapshot.probing == 0)
    for (before, after) in zip(states.entries, states.entries.dropFirst()) {
      switch (before, after) {
      case (.closed, .open), (.open, .halfOpen), (.halfOpen, .open), (.halfOpen, .closed): break
      default: Issue.record("\(after) follows \(before)")
      }
    }
    subscription.cancel()
  }
}

private struct Flaky: Error {}
