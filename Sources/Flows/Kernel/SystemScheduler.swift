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
  // All guarded by `lock`.
  private var wheel = TimerWheel(now: Platform.now())
  private var work: [@Sendable () -> Void] = []
  private var nextEvent: Int64 = .max
  private var isStarted = false
  private var isStopped = false

  /// A scheduler with a thread of its own: a place for `receive(on:)` and `subscribe(on:)`. The thread starts
  /// with the first work and ends when the scheduler is stopped or let go.
  public init(name: String = "flows.worker") {
    self.name = name
  }

  public var now: FlowInstant { FlowInstant(nanoseconds: Platform.now()) }
  public var approximateNow: FlowInstant { FlowInstant(nanoseconds: Platform.approximateNow()) }
  public var approximationError: Duration { .nanoseconds(Platform.approximationError) }

  public func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    let (timer, isFirst) = lock(self) {
      let timer = wheel.insert(deadline: instant.nanoseconds, action)
      let isFirst = instant.nanoseconds < nextEvent
      if isFirst { nextEvent = instant.nanoseconds }
      return (timer, isFirst)
    }
    if isFirst { rouse() }
    return timer
  }

  @discardableResult
  public func cancel(_ timer: FlowTimer) -> Bool {
    let action = lock(self) { wheel.cancel(timer) }
    return action != nil
  }

  public func execute(_ work: @escaping @Sendable () -> Void) {
    let isFirst = lock(self) {
      self.work.append(work)
      return self.work.count == 1
    }
    if isFirst { rouse() }
  }

  /// Ends the thread after the work that it has begun. Later work is never run.
  public func stop() {
    lock(self) { isStopped = true }
    signal.signal()
  }

  /// The number of timers that wait.
  public var pendingTimers: Int { lock(self) { wheel.count } }

  /// Whether the caller is on this scheduler's thread.
  var isCurrent: Bool { thread.load(ordering: .relaxed) == Platform.threadID }

  private func rouse() {
    let mustStart = lock(self) {
      defer { isStarted = true }
      return !isStarted
    }
    if mustStart {
      Platform.startThread(name) { [weak self, signal] in
        self?.thread.store(Platform.threadID, ordering: .relaxed)
        while let next = self?.turn() {
          // The thread does not keep its scheduler alive while it sleeps.
          signal.wait(until: next == .max ? nil : next)
        }
      }
    }
    signal.signal()
  }

  deinit { signal.signal() }

  /// Runs what is due; the answer is when to come back, `nil` to end the thread.
  private func turn() -> Int64? {
    while true {
      let now = Platform.now()
      let (due, next) = lock(self) { () -> ([@Sendable () -> Void], Int64?) in
        if isStopped { return ([], nil) }
        var due = work
        work.removeAll(keepingCapacity: true)
        wheel.advance(to: now) { due.append($0) }
        nextEvent = wheel.nextEvent() ?? .max
        return (due, nextEvent)
      }
      if due.isEmpty { return next }
      for action in due { action() }
    }
  }
}
