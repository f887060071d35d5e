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
///
/// It is a part of the run with an end of its own, in which a stage can start the upstream that it times: see
/// ``inside``.
@usableFromInline
package final class Alarm: Segment, @unchecked Sendable {
  private let environment: Environment
  /// When the stage wants to be woken; `.max` for never. Only the driver touches it.
  @exclusivity(unchecked) private var due: Int64 = .max
  /// When the timer under way rings; `.max` when none is.
  private let ringsAt = Atomic<Int64>(.max)
  /// Guarded by `lock`, because a cancellation may come while the driver sets the timer.
  private var timer = FlowTimer.none

  @usableFromInline
  init(_ context: FlowContext) {
    environment = context.environment
    super.init(context.scope)
    isWoken.store(true, ordering: .relaxed)
    parent.own(self)
  }

  @usableFromInline
  var isSet: Bool { due != .max }

  /// A timer is under way.
  var isRinging: Bool { ringsAt.load(ordering: .relaxed) != .max }

  /// Sets the alarm, or moves it. At `.distantFuture` it rests: it is due never, but the timer under way stays, so
  /// that setting it again costs a store.
  @usableFromInline
  package func set(at instant: FlowInstant) {
    due = instant.nanoseconds
    if ringsAt.load(ordering: .relaxed) > due { start() }
  }

  @usableFromInline
  func set(after duration: Duration) { set(at: environment.scheduler.now.advanced(by: duration)) }

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
    if environment.scheduler.now.nanoseconds >= due { return true }
    if hasRung { start() }
    return false
  }

  /// A cheap question before ``isDue``: false while the timer is still under way.
  @usableFromInline
  var hasRung: Bool { due != .max && ringsAt.load(ordering: .acquiring) == .max }

  /// Where the upstream is started that ends with this alarm.
  @usableFromInline
  var inside: FlowContext { FlowContext(scope: self, environment: environment) }

  /// Starts another flow, that takes over when the alarm has left.
  @usableFromInline
  func startOutside<Element: Sendable>(_ flow: Flow<Element>) -> Flow<Element>.Stage {
    flow.start(in: Part(parent), environment)
  }

  override package func wake() {
    isWoken.store(true, ordering: .releasing)
    parent.wake()
  }

  /// Something inside was woken since ``takeNews()``: only then can a poll of what answered `.pending`, and was not
  /// promised more room since, find anything.
  @usableFromInline
  var hasNews: Bool { isWoken.load(ordering: .relaxed) }

  /// Before a poll of what is inside, so that a wake during the poll counts.
  @usableFromInline
  func takeNews() { _ = isWoken.exchange(false, ordering: .acquiringAndReleasing) }

  /// Lets go of what is inside, and of the timer.
  @usableFromInline
  func leave() { parent.release(self) }

  private func start() {
    stop()
    if isEnded { return }
    ringsAt.store(due, ordering: .relaxed)
    let scheduler = environment.scheduler
    let timer = scheduler.schedule(at: FlowInstant(nanoseconds: due)) { [self] in
      ringsAt.store(.max, ordering: .releasing)
      parent.wake()
    }
    let isTooLate = lock(self) {
      if !isEnded { self.timer = timer }
      return isEnded
    }
    if isTooLate { scheduler.cancel(timer) }
  }

  private func stop() {
    let timer = lock(self) {
      defer { self.timer = .none }
      return self.timer
    }
    if timer == .none { return }
    ringsAt.store(.max, ordering: .relaxed)
    environment.scheduler.cancel(timer)
  }

  override func release() {
    end()
    stop()
  }
}

extension FlowTimer {
  fileprivate static var none: FlowTimer { FlowTimer(id: .max) }
}

extension FlowContext {
  /// A new alarm of this run, not set.
  @usableFromInline
  package func alarm() -> Alarm { Alarm(self) }
}
