// A deadline that moves.
import FlowTesting
import Synchronization
import Testing

@testable import Flows

/// A scope that counts its wakes.
final class WakeCount: Scope, @unchecked Sendable {
  private let wakes = Atomic<Int>(0)
  var count: Int { wakes.load(ordering: .acquiring) }
  override func wake() { wakes.add(1, ordering: .acquiringAndReleasing) }

  func context(_ scheduler: any FlowScheduler) -> FlowContext {
    FlowContext(scope: self, environment: scheduler.asDefault { .current })
  }
}

@Suite struct AlarmTests {
  private let clock = CountedTime()
  private let scope = WakeCount()
  private var time: VirtualTime { clock.time }
  private var context: FlowContext { scope.context(clock) }

  @Test func `wakes its scope at the deadline, and is due from then on`() {
    let alarm = context.alarm()
    #expect(!alarm.isSet && !alarm.isDue && !alarm.hasRung)
    alarm.set(after: .milliseconds(5))
    time.advance(by: .milliseconds(4))
    #expect(alarm.isSet && !alarm.isDue && !alarm.hasRung && scope.count == 0)
    time.advance(by: .milliseconds(1))
    #expect(alarm.isSet && alarm.isDue && alarm.hasRung && scope.count == 1)
    alarm.clear()
    #expect(!alarm.isSet && !alarm.isDue && !alarm.hasRung)
  }

  @Test func `is due by the clock, before the timer has rung`() {
    let alarm = context.alarm()
    let seen = Mutex<[Bool]>([])
    // At the instant of the deadline, ahead of the timers.
    time.at(.milliseconds(5)) { seen.withLock { $0 = [alarm.isDue, alarm.hasRung] } }
    alarm.set(after: .milliseconds(5))
    time.advance(by: .milliseconds(5))
    #expect(seen.withLock { $0 } == [true, false])
  }

  @Test func `moves later without a timer, and is set anew when that rings`() {
    let alarm = context.alarm()
    for _ in 0..<100 {
      alarm.set(after: .milliseconds(10))
      time.advance(by: .microseconds(10))
    }
    #expect(clock.schedules == 1 && clock.cancels == 0)
    // The first timer rings at 10 ms; the deadline is 10.99 ms.
    time.advance(by: .milliseconds(9))
    #expect(scope.count == 1 && alarm.hasRung)
    #expect(!alarm.isDue)
    #expect(clock.schedules == 2 && !alarm.hasRung)
    time.advance(by: .microseconds(990))
    #expect(alarm.isDue && scope.count == 2)
    #expect(time.pendingTimers == 0)
  }

  @Test func `moves earlier with a new timer`() {
    let alarm = context.alarm()
    alarm.set(after: .milliseconds(10))
    alarm.set(after: .milliseconds(3))
    #expect(clock.schedules == 2 && clock.cancels == 1 && time.pendingTimers == 1)
    time.advance(by: .milliseconds(3))
    #expect(alarm.isDue && scope.count == 1)
    time.advance(by: .milliseconds(10))
    #expect(scope.count == 1)
  }

  @Test func `is set anew when it has rung and is set again`() {
    let alarm = context.alarm()
    for round in 1...3 {
      alarm.set(after: .milliseconds(2))
      time.advance(by: .milliseconds(2))
      #expect(alarm.isDue && scope.count == round)
    }
    #expect(clock.schedules == 3)
  }

  @Test func `forgets its timer when it is cleared`() {
    let alarm = context.alarm()
    alarm.set(after: .milliseconds(10))
    alarm.clear()
    #expect(time.pendingTimers == 0)
    time.advance(by: .milliseconds(20))
    #expect(scope.count == 0 && !alarm.isDue)
    alarm.clear()
    #expect(clock.cancels == 1)
  }

  @Test func `rests at the distant future without touching its timer`() {
    let alarm = context.alarm()
    alarm.set(after: .milliseconds(10))
    alarm.set(at: .distantFuture)
    #expect(!alarm.isSet && time.pendingTimers == 1)
    alarm.set(after: .milliseconds(12))
    #expect(clock.schedules == 1)
    alarm.set(at: .distantFuture)
    time.advance(by: .milliseconds(10))
    // It rings in vain, once.
    #expect(!alarm.isDue && !alarm.hasRung && time.pendingTimers == 0 && scope.count == 1)
    alarm.set(after: .milliseconds(1))
    time.advance(by: .milliseconds(1))
    #expect(alarm.isDue)
  }

  @Test func `ends with its scope`() {
    let alarm = context.alarm()
    alarm.set(after: .milliseconds(10))
    scope.end()
    #expect(time.pendingTimers == 0)
    alarm.set(after: .milliseconds(1))
    #expect(clock.schedules == 1)
    time.advance(by: .milliseconds(20))
    #expect(scope.count == 0)
  }

  @Test func `never sets a timer in a scope that has ended`() {
    scope.end()
    let alarm = context.alarm()
    alarm.set(after: .milliseconds(10))
    #expect(clock.schedules == 0 && !alarm.isDue)
  }
}
