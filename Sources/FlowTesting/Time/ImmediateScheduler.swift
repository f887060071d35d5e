// Time that nobody waits for.
import Flows

/// A scheduler whose timers ring as soon as they are set, for tests and previews to which it is all the same how long
/// something takes.
///
/// ```swift
/// let texts = try await answer.delay(for: .seconds(3)).scheduler(ImmediateScheduler()).collect()
/// ```
///
/// A timer that is set moves ``now`` to its instant, and rings before anything else is done with this time; several
/// ring by instant, then in the order in which they were set. So delays are none, and `debounce` holds nothing. A
/// deadline passes at once, too, unless what it waits for is there already, and an `interval` counts ticks as missed that
/// nobody could have asked for: what depends on time is tested with ``VirtualTime``.
// What changes is guarded by the lock.
public final class ImmediateScheduler: FlowScheduler, @unchecked Sendable {
  private let lock = Lock()
  // All guarded by `lock`.
  private var present = FlowInstant(nanoseconds: 0)
  private var timers = Agenda<@Sendable () -> Void>()
  private var work = Ring<@Sendable () -> Void>()
  private var arrivals: UInt64 = 0
  private var isBusy = false

  public init() {}

  public var now: FlowInstant { lock(self) { present } }

  public func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    let timer = lock(self) {
      arrivals += 1
      timers.insert(arrivals, at: instant, action)
      return FlowTimer(id: arrivals)
    }
    workOff()
    return timer
  }

  @discardableResult
  public func cancel(_ timer: FlowTimer) -> Bool {
    let action = lock(self) { timers.remove(timer.id) }
    return action != nil
  }

  public func execute(_ action: @escaping @Sendable () -> Void) {
    lock(self) { work.append(action) }
    workOff()
  }

  /// Does all there is to do, unless somebody does it already: that one goes round once more.
  private func workOff() {
    let isMine = lock(self) {
      defer { isBusy = true }
      return !isBusy
    }
    guard isMine else { return }
    while let action = next() { action() }
  }

  private func next() -> (@Sendable () -> Void)? {
    lock(self) {
      if let action = work.popFirst() { return action }
      if let instant = timers.next(), instant < .distantFuture {
        present = max(present, instant)
        if let action = timers.takeFirst(dueAt: present) { return action }
      }
      isBusy = false
      return nil
    }
  }
}
