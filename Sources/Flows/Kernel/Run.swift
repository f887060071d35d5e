// The right to poll, held by one at a time.
import Synchronization

/// One live subscription: whoever wakes it drives it.
///
/// States: idle, driving, driving and woken, over; one atomic. A wake makes an idle run driven, by the waker or
/// on the run's `home`; a driven one goes round once more. The driver is a loop, so no wake ever recurses.
@usableFromInline
class Run: Scope, @unchecked Sendable {
  /// What a step found.
  @usableFromInline
  enum Outcome {
    /// Nothing more to do until the next wake.
    case idle
    /// A consumer waits, and will poll by itself.
    case handOver(Continuation)
    /// The run is over; everything is let go before the action is called.
    case over(() -> Void)
    /// The flow that the run pushes has ended; everything is let go before `onEnd` is told.
    case ended(FlowEnd)
  }

  private static let idle: UInt8 = 0
  private static let driving: UInt8 = 1
  private static let woken: UInt8 = 2
  private static let over: UInt8 = 3

  // Small ones first: there may be many runs.

  /// Whoever makes a run drives it until ``begin()``, so that a source may wake it while it is being made.
  private final let state = Atomic<UInt8>(Run.driving)
  private final let cancelled = Atomic<Bool>(false)
  private final var isBegun = false
  /// The run lives to its end without its handle.
  final let isDetached = Atomic<Bool>(false)
  /// How often the present driver has gone round. Only the driver touches it.
  @exclusivity(unchecked) final private(set) var turns: Int32 = 0
  /// What a driver does; only the driver touches it. It is handed the run, which the driver holds.
  @exclusivity(unchecked) @usableFromInline final var step: ((Run) -> Outcome)?
  private final let environment: Environment
  /// What the consumer of a run that pushes (`Push`) has asked for and not got; `.max` for no limit.
  @usableFromInline final let demand = Atomic<Int>(0)
  /// Only the driver touches it.
  @exclusivity(unchecked) private final var rarities: Rarities?

  /// What most runs never have.
  private final class Rarities {
    /// Where the run is driven.
    var place = Place(nil)
    /// Hears what the consumer was handed and left.
    var leftoverHook: DiscardHook?
  }

  @usableFromInline
  init(_ environment: Environment, home: (any FlowScheduler)? = nil) {
    self.environment = environment
    super.init()
    if let home { withRarities { $0.place = Place(home) } }
  }

  private final func withRarities<R>(_ change: (Rarities) -> R) -> R {
    let present = rarities ?? Rarities()
    rarities = present
    return change(present)
  }

  private final var place: (any FlowScheduler)? { rarities?.place.scheduler }

  @usableFromInline
  final var context: FlowContext { FlowContext(scope: self, environment: environment) }

  @usableFromInline
  override final func wake() {
    while true {
      switch state.load(ordering: .relaxed) {
      case Run.idle:
        if move(Run.idle, Run.driving) { return drive() }
      case Run.driving:
        if move(Run.driving, Run.woken) { return }
      case Run.woken:
        // Not for the value but for the order: the driver must see what was written before this wake.
        if move(Run.woken, Run.woken) { return }
      default:
        return
      }
    }
  }

  /// Ends the run from any thread. What it owns is released before this returns; the stage, when somebody is
  /// in the middle of driving it, as soon as that returns. No terminal is passed on after it.
  @usableFromInline
  final func cancel() {
    if isOver { return }
    cancelled.store(true, ordering: .sequentiallyConsistent)
    end()
    dropStep()
  }

  /// Takes an ended run out of the hands of nobody, or tells its driver.
  private final func dropStep() {
    while true {
      switch state.load(ordering: .relaxed) {
      case Run.idle:
        if move(Run.idle, Run.driving) { return conclude() }
      case Run.driving:
        if move(Run.driving, Run.woken) { return }
      default:
        return
      }
    }
  }

  /// Somebody has called ``cancel()`` before the run was over.
  @usableFromInline
  final var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

  /// Nobody will drive the run any more, and what its last driver wrote can be read.
  @usableFromInline
  final var isOver: Bool { state.load(ordering: .acquiring) == Run.over }

  /// Drives the run for the first time, after the stage was made.
  @usableFromInline
  func begin() {
    isBegun = true
    drive()
  }

  /// Hears what the consumer was handed and left. Only for the driver.
  @usableFromInline
  final var leftoverHook: DiscardHook? { rarities?.leftoverHook }

  override final func hear(_ hook: @escaping DiscardHook) {
    withRarities { $0.leftoverHook = $0.leftoverHook ?? hook }
  }

  /// The consumer leaves `element`. Only for the driver.
  @inlinable
  final func discard<Element: Sendable>(_ element: Element) { leftoverHook?(element, .ended) }

  /// The flow has chosen where its stage is polled.
  @usableFromInline
  final var isSettled: Bool { place != nil }

  /// When the place changes in the middle of a step, the driver finds out before the next one.
  override final func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement {
    withRarities { $0.place.claim(scheduler, claim, isDriven: isBegun) }
  }

  // For a consumer that polls by itself (`values`).

  /// Sets what the run does when it is woken. It does nothing before: what a source has at once is for the first
  /// request.
  @usableFromInline
  final func begin(_ step: @escaping (Run) -> Outcome) {
    self.step = step
    isBegun = true
    leave()
  }

  /// Takes the right to poll. False when somebody else has it, or the run is over.
  @usableFromInline
  final func enter() -> Bool { move(Run.idle, Run.driving) }

  /// Gives the right to poll back, and sees to what happened meanwhile.
  @usableFromInline
  final func leave() {
    if isEnded { return conclude() }
    if !move(Run.driving, Run.idle) {
      _ = state.exchange(Run.driving, ordering: .acquiringAndReleasing)
      loop(at: nil)
    } else if isEnded {
      dropStep()
    }
  }

  /// Ends the run from inside: by whoever has the right to poll.
  @usableFromInline
  final func conclude() { _ = close() }

  /// Lets everything go, then says that the run is over. The answer is whom to tell about the end; nobody when
  /// the run was cancelled, even if that was while everything was let go.
  private final func close() -> ((FlowEnd) -> Void)? {
    end()
    let onEnd = letGo()
    state.store(Run.over, ordering: .sequentiallyConsistent)
    didEnd()
    return isCancelled ? nil : onEnd
  }

  /// Lets go of the stage, and of whoever consumes. The answer is whom to tell about the end.
  func letGo() -> ((FlowEnd) -> Void)? {
    step = nil
    rarities = nil
    return nil
  }

  /// The run is over.
  func didEnd() {}

  private final func drive() {
    if let home = place { home.execute { self.drive(at: home) } } else { drive(at: nil) }
  }

  private final func drive(at home: (any FlowScheduler)?) {
    if let taskValues = environment.taskValues { taskValues { self.loop(at: home) } } else { loop(at: home) }
  }

  private final func loop(at home: (any FlowScheduler)?) {
    turns = 0
    while true {
      if isEnded { return conclude() }
      if place !== home { return drive() }
      guard let outcome = step?(self) else { return conclude() }
      switch outcome {
      case .idle:
        if move(Run.driving, Run.idle) {
          if isEnded { dropStep() }
          return
        }
        turns &+= 1
        _ = state.exchange(Run.driving, ordering: .acquiringAndReleasing)
      case .handOver(let consumer):
        _ = state.exchange(Run.idle, ordering: .acquiringAndReleasing)
        if isEnded { dropStep() }
        consumer.resume()
        return
      case .over(let action):
        conclude()
        if !isCancelled { action() }
        return
      case .ended(let how):
        close()?(how)
        return
      }
    }
  }

  private final func move(_ from: UInt8, _ to: UInt8) -> Bool {
    state.compareExchange(expected: from, desired: to, ordering: .acquiringAndReleasing).exchanged
  }
}
