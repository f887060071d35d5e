// Real time: one thread that sleeps until the next timer is due.
import Synchronization

/// The scheduler of every run that is not told otherwise: the monotonic clock, and timers on a thread of
/// their own that starts with the first timer.
///
/// A run without a place of its own is driven by whoever wakes it; when that is a timer, its closures run on
/// the timer thread and must be short. `receive(on:)` moves longer work elsewhere.
public final class SystemScheduler: FlowScheduler, @unchecked Sendable {
  /// The one that runs use by default.
  public static let shared = SystemScheduler(name: "flows.timers")

  private let lock = Lock()
  private let signal = ThreadSignal()
  private let name: String
  private let thread = Atomic<UInt>(0)
  private let isStarted = Atomic<Bool>(false)
  /// Set under `lock`, so that nothing is filed after it.
  private let isStopped = Atomic<Bool>(false)
  // All guarded by `lock`.
  private var wheel = TimerWheel(now: Platform.now())
  private var work: [@Sendable () -> Void] = []
  /// When the thread wakes by itself. While it is awake, never: it looks again before it sleeps.
  private var alarmClock: Int64 = .max
  private var isAwake = false
  /// The work that was taken out together; only the thread touches it.
  private var batch: [@Sendable () -> Void] = []

  /// A scheduler with a thread of its own: a place for `receive(on:)` and `subscribe(on:)`. The thread starts
  /// with the first work and ends when the scheduler is stopped or let go.
  public init(name: String = "flows.worker") {
    self.name = name
  }

  deinit { signal.signal() }

  public var now: FlowInstant { FlowInstant(nanoseconds: Platform.now()) }
  public var approximateNow: FlowInstant { FlowInstant(nanoseconds: Platform.approximateNow()) }
  public var approximationError: Duration { .nanoseconds(Platform.approximationError) }

  public func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    let (timer, mustRouse) = lock(self) {
      if isStopped.load(ordering: .relaxed) { return (FlowTimer(id: .max), false) }
      let timer = wheel.insert(deadline: instant.nanoseconds, action)
      if isAwake || alarmClock <= instant.nanoseconds { return (timer, false) }
      alarmClock = instant.nanoseconds
      return (timer, true)
    }
    if mustRouse { rouse() }
    return timer
  }

  @discardableResult
  public func cancel(_ timer: FlowTimer) -> Bool {
    let action = lock(self) { wheel.cancel(timer) }
    return action != nil
  }

  public func execute(_ work: @escaping @Sendable () -> Void) {
    let mustRouse = lock(self) {
      if isStopped.load(ordering: .relaxed) { return false }
      self.work.append(work)
      return !isAwake && self.work.count == 1
    }
    if mustRouse { rouse() }
  }

  /// Ends the thread after the action that it is running. Timers and work that wait, and those that come later,
  /// are let go and never run.
  public func stop() {
    let left = lock(self) {
      isStopped.store(true, ordering: .relaxed)
      defer {
        wheel = TimerWheel(now: 0)
        work = []
      }
      return (wheel, work)
    }
    // Destroyed here, under no lock.
    withExtendedLifetime(left) {}
    signal.signal()
  }

  /// The number of timers that wait.
  public var pendingTimers: Int { lock(self) { wheel.count } }

  /// Whether the caller is on this scheduler's thread.
  var isCurrent: Bool { thread.load(ordering: .relaxed) == Platform.threadID }

  private func rouse() {
    if !isStarted.load(ordering: .relaxed), !isStarted.exchange(true, ordering: .relaxed) {
      Platform.startThread(name) { [weak self, signal] in
        self?.thread.store(Platform.threadID, ordering: .relaxed)
        while let next = self?.turn() {
          // The thread does not keep its scheduler alive while it sleeps.
          signal.wait(until: next == .max ? nil : next)
        }
        self?.thread.store(0, ordering: .relaxed)
      }
    }
    signal.signal()
  }

  /// Runs what is due; the answer is when to come back, `nil` to end the thread.
  ///
  /// Timers are taken out one at a time, so that one can forget another that is due in the same moment.
  private func turn() -> Int64? {
    while true {
      let now = Platform.now()
      lock.acquire(for: self)
      let timer = wheel.takeDue(at: now)
      swap(&work, &batch)
      let isBusy = timer != nil || !batch.isEmpty
      let next = isBusy ? now : wheel.nextEvent() ?? .max
      isAwake = isBusy
      alarmClock = next
      lock.release(for: self)

      for work in batch where !isStopped.load(ordering: .relaxed) { work() }
      batch.removeAll(keepingCapacity: batch.count <= 1024)
      if isStopped.load(ordering: .relaxed) { return nil }
      guard isBusy else { return next }
      timer?()
    }
  }
}
