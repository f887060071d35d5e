// Schedulers for tests that virtual time is too kind for.
import FlowTesting
import Flows
import Synchronization

/// Virtual time that counts what is asked of it.
final class CountedTime: FlowScheduler {
  let time = VirtualTime()
  private let scheduled = Atomic<Int>(0)
  private let cancelled = Atomic<Int>(0)
  var schedules: Int { scheduled.load(ordering: .relaxed) }
  var cancels: Int { cancelled.load(ordering: .relaxed) }

  var now: FlowInstant { time.now }
  func execute(_ work: @escaping @Sendable () -> Void) { time.execute(work) }
  func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    scheduled.add(1, ordering: .relaxed)
    return time.schedule(at: instant, action)
  }
  func cancel(_ timer: FlowTimer) -> Bool {
    cancelled.add(1, ordering: .relaxed)
    return time.cancel(timer)
  }
}

/// A clock that anybody moves at any time, also a consumer in the middle of a callback. Timers ring when the test
/// says so, which may be late.
final class LooseClock: FlowScheduler {
  private struct Timer: Sendable {
    let instant: FlowInstant
    let name: FlowTimer
    let action: @Sendable () -> Void
  }
  private let time = Atomic<Int64>(0)
  private let timers = Mutex<(waiting: [Timer], count: UInt64)>(([], 0))

  var now: FlowInstant { FlowInstant(nanoseconds: time.load(ordering: .relaxed)) }

  /// Lets time pass, and nothing happen.
  func pass(_ duration: Duration) {
    time.add(FlowInstant(nanoseconds: 0).advanced(by: duration).nanoseconds, ordering: .relaxed)
  }

  /// Lets the timers ring that are due.
  func ring() {
    let now = now
    let due = timers.withLock { timers in
      let due = timers.waiting.filter { $0.instant <= now }
      timers.waiting.removeAll { $0.instant <= now }
      return due
    }
    for timer in due { timer.action() }
  }

  func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    timers.withLock { timers in
      timers.count += 1
      let name = FlowTimer(id: timers.count)
      timers.waiting.append(Timer(instant: instant, name: name, action: action))
      return name
    }
  }

  func cancel(_ timer: FlowTimer) -> Bool {
    timers.withLock { timers in
      let count = timers.waiting.count
      timers.waiting.removeAll { $0.name == timer }
      return timers.waiting.count < count
    }
  }

  func execute(_ work: @escaping @Sendable () -> Void) { work() }
}
