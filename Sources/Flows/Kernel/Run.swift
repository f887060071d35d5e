// The right to poll, held by one at a time.
import Synchronization

/// One live subscription: whoever wakes it drives it.
///
/// States: idle, driving, driving and woken, over; one atomic. A wake makes an idle run driven, by the waker or
/// on the run's `home`; a driven one goes round once more. The driver is a loop, so no wake ever recurses.
@usableFromInline
final class Run: Scope, @unchecked Sendable {
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

  /// Whoever makes a run drives it until ``begin()``, so that a source may wake it while it is being made.
  private let state = Atomic<UInt8>(Run.driving)
  /// What a driver does; only the driver touches it. It is handed the run, which the driver holds.
  @exclusivity(unchecked) @usableFromInline var step: ((Run) -> Outcome)?
  /// Where the run is driven. Only the driver touches it.
  @exclusivity(unchecked) private var place: Place
  private var isBegun = false
  private let environment: Environment
  /// Hears what the consumer was handed and left. Only the driver touches it.
  @usableFromInline var leftoverHook: DiscardHook?

  private let cancelled = Atomic<Bool>(false)
  /// How often the present driver has gone round. Only the driver touches it.
  @exclusivity(unchecked) private(set) var turns = 0
  /// Called by whoever ends the run, when all else is done.
  @exclusivity(unchecked) private var letGo: (() -> Void)?

  // For a run that pushes (`Run+Push`).
  @exclusivity(unchecked) @usableFromInline var onEnd: ((FlowEnd) -> Void)?
  /// What the consumer has asked for and not got; `.max` for no limit.
  @usableFromInline let demand = Atomic<Int>(0)
  @usableFromInline let isDetached = Atomic<Bool>(false)

  @usableFromInline
  init(_ environment: Environment, home: (any FlowScheduler)? = nil) {
    self.environment = environment
    place = Place(home)
    super.init()
  }

  @usableFromInline
  var context: FlowContext { FlowContext(scope: self, environment: environment) }

  @usableFromInline
  override func wake() {
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
  func cancel() {
    if isOver { return }
    cancelled.store(true, ordering: .sequentiallyConsistent)
    end()
    dropStep()
  }

  /// Takes an ended run out of the hands of nobody, or tells its driver.
  private func dropStep() {
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
  var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

  /// Nobody will drive the run any more, and what its last driver wrote can be read.
  @usableFromInline
  var isOver: Bool { state.load(ordering: .acquiring) == Run.over }

  /// Drives the run for the first time, after the stage was made.
  @usableFromInline
  func begin() {
    isBegun = true
    drive()
  }

  override func hear(_ hook: @escaping DiscardHook) { leftoverHook = leftoverHook ?? hook }

  /// The consumer leaves `element`. Only for the driver.
  @inlinable
  func discard<Element: Sendable>(_ element: Element) { leftoverHook?(element, .ended) }

  /// The flow has chosen where its stage is polled.
  @usableFromInline
  final var isSettled: Bool { place.scheduler != nil }

  /// When the place changes in the middle of a step, the driver finds out before the next one.
  override func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement {
    place.claim(scheduler, claim, isDriven: isBegun)
  }

  // For a consumer that polls by itself (`values`).

  /// Sets what the run does when it is woken, and what is called when it is over. It does nothing before: what a
  /// source has at once is for the first request.
  @usableFromInline
  func begin(_ step: @escaping (Run) -> Outcome, letGo: @escaping () -> Void) {
    self.step = step
    self.letGo = letGo
    isBegun = true
    leave()
  }

  /// Takes the right to poll. False when somebody else has it, or the run is over.
  @usableFromInline
  func enter() -> Bool { move(Run.idle, Run.driving) }

  /// Gives the right to poll back, and sees to what happened meanwhile.
  @usableFromInline
  func leave() {
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
  func conclude() { _ = close() }

  /// Lets everything go, then says that the run is over. The answer is whom to tell about the end; nobody when
  /// the run was cancelled, even if that was while everything was let go.
  private func close() -> ((FlowEnd) -> Void)? {
    end()
    let (onEnd, letGo) = (onEnd.take(), letGo.take())
    step = nil
    leftoverHook = nil
    state.store(Run.over, ordering: .sequentiallyConsistent)
    letGo?()
    return isCancelled ? nil : onEnd
  }

  private func drive() {
    if let home = place.scheduler { home.execute { self.drive(at: home) } } else { drive(at: nil) }
  }

  private func drive(at home: (any FlowScheduler)?) {
    if let taskValues = environment.taskValues { taskValues { self.loop(at: home) } } else { loop(at: home) }
  }

  private func loop(at home: (any FlowScheduler)?) {
    turns = 0
    while true {
      if isEnded { return conclude() }
      if place.scheduler !== home { return drive() }
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

  private func move(_ from: UInt8, _ to: UInt8) -> Bool {
    state.compareExchange(expected: from, desired: to, ordering: .acquiringAndReleasing).exchanged
  }
}
