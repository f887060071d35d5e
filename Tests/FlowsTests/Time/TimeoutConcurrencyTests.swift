// Elements, deadlines and cancellations on threads of their own.
import FlowTesting
import Testing

@testable import Flows

@Suite struct TimeoutConcurrencyTests {
  @Test func `an element or a deadline: never both, never neither, never early`() {
    let scheduler = SystemScheduler(name: "test.deadlines")
    var random = SplitMix(seed: 11)
    let limit: Int64 = 200_000
    for _ in 0..<300 {
      let ended = ThreadSignal()
      let emitter = Box<FlowEmitter<Int>?>(nil)
      let seen = Journal<(number: Int, instant: Int64)>()
      let failures = Journal<FlowTimeoutError?>()
      let discards = Discards()
      let source = Flow<Int>.create(buffer: 100, whenFull: .fail) { emitter.value = $0 }
      let timed = source.timeout(idle: .nanoseconds(limit)).telling(discards).scheduler(scheduler)
      let subscription = timed.subscribe { number in
        seen.note((number, Platform.now()))
      } onEnd: { end in
        let now = Platform.now()
        #expect(seen.entries.last.map { now - $0.instant >= limit } ?? true)
        failures.note(end.timeout)
        ended.signal()
      }
      let hand = emitter.value!
      var sent = 0
      // Around the deadline, until it passes.
      while sent < 20 {
        spin(nanoseconds: Int64.random(in: 0...limit * 5 / 4, using: &random))
        guard case .enqueued = hand.yield(sent) else { break }
        sent += 1
      }
      #expect(ended.wait(until: Platform.now() + 60_000_000_000))
      let numbers = seen.entries.map(\.number)
      #expect(failures.entries.map { $0?.deadline } == [.idle])
      #expect(failures.entries.first??.seen == numbers.count)
      // In order and without a gap. What came when the deadline had just passed is named.
      #expect(numbers + discards.all.compactMap { Int($0) } == Array(0..<sent))
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
      let subscription = silent.timeout(first: .microseconds(60), total: .microseconds(90)).scheduler(
        scheduler
      )
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
