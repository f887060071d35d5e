// An alarm between its driver, its timer and a cancellation, on three threads.
import Synchronization
import Testing

@testable import Flows

/// A scope whose driver is a thread of the test, that sleeps until it is woken.
private final class Driven: Scope, @unchecked Sendable {
  let signal = ThreadSignal()
  override func wake() { signal.signal() }
}

@Suite struct AlarmConcurrencyTests {
  let scheduler = SystemScheduler(name: "test.alarms")

  @Test func `always rings, however it was moved`() {
    var random = SplitMix(seed: 1)
    let scope = Driven()
    let alarm = FlowContext(scope: scope, environment: scheduler.asDefault { .current }).alarm()
    for round in 0..<1500 {
      // Back and forth around the moment in which the timer rings.
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        alarm.set(after: .microseconds(Int64.random(in: 0...300, using: &random)))
        if Int.random(in: 0..<4, using: &random) == 0 { alarm.set(at: .distantFuture) }
        if Int.random(in: 0..<8, using: &random) == 0 { alarm.clear() }
        if Bool.random(using: &random) { spin(nanoseconds: Int64.random(in: 0...200_000, using: &random)) }
        _ = alarm.isDue
      }
      let deadline = scheduler.now.advanced(by: .microseconds(Int64.random(in: 0...300, using: &random)))
      alarm.set(at: deadline)
      while !alarm.isDue {
        guard scope.signal.wait(until: Platform.now() + 20_000_000_000) else {
          Issue.record("the wake of round \(round) was lost")
          return
        }
      }
      #expect(scheduler.now >= deadline)
    }
    scope.end()
    #expect(scheduler.pendingTimers == 0)
    scheduler.stop()
  }

  @Test func `leaves no timer behind when it is released while it is set`() {
    var random = SplitMix(seed: 2)
    let canceller = SystemScheduler(name: "test.canceller")
    for _ in 0..<1500 {
      let scope = Driven()
      let alarm = FlowContext(scope: scope, environment: scheduler.asDefault { .current }).alarm()
      let isEnded = ThreadSignal()
      let pause = Int64.random(in: 0...30_000, using: &random)
      canceller.execute {
        spin(nanoseconds: pause)
        scope.end()
        isEnded.signal()
      }
      for _ in 0..<20 {
        // Each is earlier than the one before, so that it needs a timer of its own.
        alarm.set(after: .seconds(60))
        alarm.clear()
      }
      alarm.set(after: .seconds(50))
      isEnded.wait()
    }
    #expect(scheduler.pendingTimers == 0)
    scheduler.stop()
    canceller.stop()
  }
}
