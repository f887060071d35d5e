// The scheduler of real time. Its tests wait for it, and for nothing else.
import FlowTesting
import Synchronization
import Testing

@testable import Flows

#if canImport(Glibc)
  import Glibc
#endif

/// Things that happen on the scheduler's thread, in order, and a way to wait until there are enough of them.
private final class Diary<Entry: Sendable>: Sendable {
  private let entries = Mutex<[Entry]>([])
  private let signal = ThreadSignal()
  private let expected: Int
  init(expecting count: Int) { expected = count }

  func note(_ entry: Entry) {
    let isFull = entries.withLock {
      $0.append(entry)
      return $0.count == expected
    }
    if isFull { signal.signal() }
  }

  var all: [Entry] { entries.withLock { $0 } }

  /// Waits for all entries. A minute is for ever.
  func wait() -> [Entry] {
    #expect(signal.wait(until: Platform.now() + 60_000_000_000))
    return all
  }
}

@Suite struct SystemSchedulerTests {
  @Test func `fires timers in order, and never early`() {
    let scheduler = SystemScheduler()
    let diary = Diary<(number: Int, early: Int64)>(expecting: 300)
    var random = SplitMix(seed: 7)
    let start = scheduler.now
    let deadlines = (0..<300).map { _ in
      start.advanced(by: .microseconds(Int64.random(in: -500...30_000, using: &random)))
    }
    for (number, deadline) in deadlines.enumerated() {
      _ = scheduler.schedule(at: deadline) {
        diary.note((number, deadline.nanoseconds - scheduler.now.nanoseconds))
      }
    }
    let fired = diary.wait()
    #expect(fired.allSatisfy { $0.early <= 0 })
    #expect(Set(fired.map(\.number)) == Set(0..<300))
    #expect(scheduler.pendingTimers == 0)
    scheduler.stop()
  }

  @Test func `wakes for a timer that comes before the one it sleeps for`() {
    let scheduler = SystemScheduler()
    let diary = Diary<Int>(expecting: 1)
    let far = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(3600))) { diary.note(1) }
    _ = scheduler.schedule(at: scheduler.now.advanced(by: .milliseconds(5))) { diary.note(2) }
    #expect(diary.wait() == [2])
    #expect(scheduler.cancel(far))
    scheduler.stop()
  }

  @Test func `runs work in order, one at a time, also beside timers`() {
    let scheduler = SystemScheduler()
    let diary = Diary<Int>(expecting: 2000)
    let depth = Atomic<Int>(0)
    for number in 0..<1000 {
      scheduler.execute {
        #expect(depth.add(1, ordering: .relaxed).newValue == 1)
        diary.note(number)
        // From inside, behind all that waits.
        scheduler.execute { diary.note(1000 + number) }
        depth.subtract(1, ordering: .relaxed)
      }
      if number % 100 == 0 {
        _ = scheduler.schedule(at: scheduler.now) { #expect(depth.load(ordering: .relaxed) == 0) }
      }
    }
    let all = diary.wait()
    #expect(all.filter { $0 < 1000 } == Array(0..<1000))
    #expect(all.filter { $0 >= 1000 } == Array(1000..<2000))
    scheduler.stop()
  }

  @Test func `forgets a timer that is due in the same moment as the one that cancels it`() {
    let scheduler = SystemScheduler()
    let diary = Diary<String>(expecting: 3)
    let second = Place<FlowTimer>()
    let deadline = scheduler.now.advanced(by: .milliseconds(20))
    _ = scheduler.schedule(at: deadline) {
      diary.note("first")
      diary.note(scheduler.cancel(second.value!) ? "cancelled" : "too late")
    }
    second.value = scheduler.schedule(at: deadline) { diary.note("second") }
    _ = scheduler.schedule(at: deadline) { diary.note("third") }
    #expect(diary.wait() == ["first", "cancelled", "third"])
    scheduler.stop()
  }

  @Test func `says whether a timer was cancelled in time, and lets go of what it held`() {
    let scheduler = SystemScheduler()
    let count = LiveCount()
    let diary = Diary<Int>(expecting: 1)
    let far = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(60))) { [token = count.token()] in
      _ = token
    }
    #expect(scheduler.cancel(far))
    #expect(!scheduler.cancel(far))
    #expect(count.live == 0)
    let near = scheduler.schedule(at: scheduler.now) { diary.note(1) }
    _ = diary.wait()
    #expect(!scheduler.cancel(near))
    scheduler.stop()
  }

  @Test func `drops what waits when it is stopped, and what comes after`() {
    let scheduler = SystemScheduler()
    let count = LiveCount()
    let diary = Diary<Int>(expecting: 1)
    let ran = Atomic<Int>(0)
    scheduler.execute {
      // Handed in from the thread itself, so that it waits.
      scheduler.execute { [token = count.token()] in
        _ = token
        ran.add(1, ordering: .relaxed)
      }
      _ = scheduler.schedule(at: scheduler.now) { [token = count.token()] in
        _ = token
        ran.add(1, ordering: .relaxed)
      }
      scheduler.stop()
      #expect(count.live == 0)
      diary.note(1)
    }
    _ = diary.wait()
    scheduler.execute { [token = count.token()] in
      _ = token
      ran.add(1, ordering: .relaxed)
    }
    let late = scheduler.schedule(at: scheduler.now) { [token = count.token()] in
      _ = token
      ran.add(1, ordering: .relaxed)
    }
    #expect(!scheduler.cancel(late))
    #expect(scheduler.pendingTimers == 0)
    #expect(count.live == 0)
    #expect(ran.load(ordering: .relaxed) == 0)
  }

  @Test func `is not kept alive by its thread, nor by what waits`() {
    let count = LiveCount()
    let diary = Diary<Int>(expecting: 1)
    weak var gone: SystemScheduler?
    do {
      let scheduler = SystemScheduler()
      gone = scheduler
      _ = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(60))) { [token = count.token()] in
        _ = token
      }
      scheduler.execute { diary.note(1) }
      _ = diary.wait()
    }
    // Its thread may be in the middle of a turn, and holds it as long as that takes.
    #expect(soon { gone == nil && count.live == 0 })
  }

  @Test func `may be let go by its own work`() {
    let count = LiveCount()
    let diary = Diary<Int>(expecting: 1)
    let last = Place<SystemScheduler>()
    weak var gone: SystemScheduler?
    do {
      let scheduler = SystemScheduler()
      gone = scheduler
      last.value = scheduler
      _ = scheduler.schedule(at: scheduler.now.advanced(by: .seconds(60))) { [token = count.token()] in
        _ = token
      }
      _ = scheduler.schedule(at: scheduler.now.advanced(by: .milliseconds(5))) {
        last.value = nil
        diary.note(1)
      }
    }
    _ = diary.wait()
    #expect(soon { gone == nil && count.live == 0 })
  }

  @Test func `knows its own thread`() {
    let scheduler = SystemScheduler()
    let diary = Diary<Bool>(expecting: 1)
    #expect(!scheduler.isCurrent)
    scheduler.execute { diary.note(scheduler.isCurrent) }
    #expect(diary.wait() == [true])
    scheduler.stop()
  }

  #if os(Linux)
    @Test func `sleeps while there is nothing to do`() {
      let scheduler = SystemScheduler()
      let sleeps = Place<Int>()
      let diary = Diary<Int>(expecting: 1)
      let start = scheduler.now
      _ = scheduler.schedule(at: start) { sleeps.value = Self.sleeps }
      _ = scheduler.schedule(at: start.advanced(by: .milliseconds(100))) {
        diary.note(Self.sleeps - sleeps.value!)
      }
      for number in 0..<1000 {
        let deadline = start.advanced(by: .microseconds(30_000 + 50 * number))
        scheduler.cancel(scheduler.schedule(at: deadline) { Issue.record("a cancelled timer fired") })
      }
      // Once in vain for all that were cancelled, and a few times for the one that fires.
      #expect(diary.wait()[0] <= 40)
      scheduler.stop()
    }

    @Test func `wakes a few times for a timer, however long it sleeps`() {
      let scheduler = SystemScheduler()
      let sleeps = Place<Int>()
      let diary = Diary<Int>(expecting: 1)
      let start = scheduler.now
      _ = scheduler.schedule(at: start) { sleeps.value = Self.sleeps }
      _ = scheduler.schedule(at: start.advanced(by: .milliseconds(300))) {
        diary.note(Self.sleeps - sleeps.value!)
      }
      #expect(diary.wait()[0] <= 12)
      scheduler.stop()
    }

    /// How often the calling thread has gone to sleep.
    private static var sleeps: Int {
      var usage = rusage()
      getrusage(1, &usage)  // RUSAGE_THREAD
      return usage.ru_nvcsw
    }
  #endif
}

/// A variable that a test and a scheduler share.
private final class Place<Value: Sendable>: Sendable {
  private let content = Mutex<Value?>(nil)
  var value: Value? {
    get { content.withLock { $0 } }
    set { content.withLock { $0 = newValue } }
  }
}

/// Whether `condition` comes true. A minute is for ever.
private func soon(_ condition: () -> Bool) -> Bool {
  let end = Platform.now() + 60_000_000_000
  while !condition() {
    if Platform.now() > end { return false }
  }
  return true
}
