// A deadline that a stage can move.
import Synchronization

/// A timer that belongs to a stage: when it rings, the run is woken, and the stage finds ``isDue``.
///
/// Moving the deadline later costs a store: the timer that is under way rings early, finds that it is not due,
/// and is set anew. So an idle timeout that every element pushes back costs no timer per element.
///
/// Only the driver sets it; the timer's thread touches nothing but `ringsAt`, and a cancellation nothing but what
/// the lock guards. A ring is published by the wake that follows it, so that the driver that is woken sees it. A
/// timer that could not be stopped any more may ring when the next is under way already: then `ringsAt` says that
/// none is, and the worst that follows is that one is set again. The reverse, a timer that is believed to be under
/// way and is not, cannot be while the alarm lives: only the driver writes a time, just before it schedules.
@usableFromInline
package final class Alarm: Resource, @unchecked Sendable {
  private let context: FlowContext
  /// When the stage wants to be woken; `.max` for never. Only the driver touches it.
  @exclusivity(unchecked) private var due: Int64 = .max
  /// When the timer under way rings; `.max` when none is.
  private let ringsAt = Atomic<Int64>(.max)
  // Guarded by `lock`, because a cancellation may come while the driver sets the timer.
  private let lock = Lock()
  @exclusivity(unchecked) private var timer: FlowTimer?
  @exclusivity(unchecked) private var isReleased = false

  init(_ context: FlowContext) {
    self.context = context
    super.init()
    context.scope.own(self)
  }

  @usableFromInline
  var isSet: Bool { due != .max }

  /// Sets the alarm, or moves it. At `.distantFuture` it rests: it is due never, but the timer under way stays, so
  /// that setting it again costs a store.
  @usableFromInline
  package func set(at instant: FlowInstant) {
    due = instant.nanoseconds
    if ringsAt.load(ordering: .relaxed) > due { start() }
  }

  @usableFromInline
  func set(after duration: Duration) { set(at: context.now.advanced(by: duration)) }

  /// Forgets the deadline, and the timer.
  @usableFromInline
  package func clear() {
    due = .max
    if ringsAt.load(ordering: .relaxed) != .max { stop() }
  }

  /// The deadline has come. Reads the clock, so that a deadline and an element of the same instant are seen in
  /// the same poll, element first.
  @usableFromInline
  package var isDue: Bool {
    guard due != .max else { return false }
    if context.now.nanoseconds >= due { return true }
    if hasRung { start() }
    return false
  }

  /// A cheap question before ``isDue``: false while the timer is still under way.
  @usableFromInline
  var hasRung: Bool { due != .max && ringsAt.load(ordering: .acquiring) == .max }

  private func start() {
    guard stop() else { return }
    ringsAt.store(due, ordering: .relaxed)
    let timer = context.scheduler.schedule(at: FlowInstant(nanoseconds: due)) { [self] in
      ringsAt.store(.max, ordering: .releasing)
      context.scope.wake()
    }
    let isTooLate = lock(self) {
      if !isReleased { self.timer = timer }
      return isReleased
    }
    if isTooLate { context.scheduler.cancel(timer) }
  }

  /// False when the alarm was released: then no timer is set any more.
  @discardableResult
  private func stop() -> Bool {
    let (timer, isReleased) = lock(self) {
      defer { self.timer = nil }
      return (self.timer, self.isReleased)
    }
    if let timer {
      ringsAt.store(.max, ordering: .relaxed)
      context.scheduler.cancel(timer)
    }
    return !isReleased
  }

  override func release() {
    lock(self) { isReleased = true }
    stop()
  }
}

extension FlowContext {
  /// A new alarm of this run, not set.
  @usableFromInline
  package func alarm() -> Alarm { Alarm(self) }
}
