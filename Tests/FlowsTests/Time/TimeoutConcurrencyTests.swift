// Elements, deadlines and cancellations on threads of their own.
import FlowTesting
import Synchronization
import Testing

@testable import Flows

@Suite struct TimeoutConcurrencyTests {
  @Test func `an element or a deadline: never both, never neither, never early`() {
    let scheduler = SystemScheduler(name: "test.deadlines")
    var random = SplitMix(seed: 11)
    let limit: Int64 = 200_000
    for _ in 0..<300 {
      let ended = ThreadSignal()
      let emitter = Mutex<FlowEmitter<Int>?>(nil)
      let seen = Mutex<(numbers: [Int], last: Int64, failures: [FlowTimeoutError?])>(([], 0, []))
      let source = Flow<Int>.create(buffer: 100, whenFull: .fail) { new in emitter.withLock { $0 = new } }
      let subscription = source.timeout(idle: .nanoseconds(limit)).scheduler(scheduler).subscribe { number in
        seen.withLock { seen in
          seen.numbers.append(number)
          seen.last = Platform.now()
        }
      } onEnd: { end in
        let now = Platform.now()
        seen.withLock { seen in
          #expect(seen.numbers.isEmpty || now - seen.last >= limit)
          seen.failures.append(end.timeout)
        }
        ended.signal()
      }
      let hand = emitter.withLock { $0! }
      var sent = 0
      // Around the deadline, until it passes.
      while sent < 20 {
        spin(nanoseconds: Int64.random(in: 0...limit * 5 / 4, using: &random))
        guard case .enqueued = hand.yield(sent) else { break }
        sent += 1
      }
      #expect(ended.wait(until: Platform.now() + 60_000_000_000))
      let (numbers, _, failures) = seen.withLock { $0 }
      #expect(failures.count == 1 && failures[0]?.deadline == .idle && failures[0]?.seen == numbers.count)
      // In order and without a gap. The last may have come after the deadline, and was told so by nobody.
      #expect(numbers == Array(0..<numbers.count) && sent - numbers.count <= 1)
      #expect(subscription.isEnded)
    }
    #expect(scheduler.pendingTimers == 0)
    scheduler.stop()
  }

  @Test func `a cancellation beside a deadline: one end at most, and nothing is left`() {
    let scheduler = SystemScheduler(name: "test.deadlines")
    var random = SplitMix(seed: 12)
    let live = LiveCount()
    for _ in 0..<1000 {
      let ends = Counter()
      let silent = Flow<Int> { context in
        context.onEnd { [token = live.token()] in _ = token }
        return { [token = live.token()] _ in
          _ = token
          return .pending
        }
      }
      let subscription = silent.timeout(first: .microseconds(60), total: .microseconds(90)).scheduler(scheduler)
        .subscribe(onValue: { _ in }, onEnd: { _ in ends.add() })
      spin(nanoseconds: Int64.random(in: 0...120_000, using: &random))
      subscription.cancel()
      let before = ends.count
      #expect(subscription.isEnded && before <= 1)
    }
    // The thread may be in the middle of the last.
    scheduler.drain()
    #expect(scheduler.pendingTimers == 0)
    #expect(live.live == 0)
    scheduler.stop()
  }
}

extension FlowEnd {
  fileprivate var timeout: FlowTimeoutError? {
    if case .failed(let error) = self { error as? FlowTimeoutError } else { nil }
  }
}
