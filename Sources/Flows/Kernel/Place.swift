// Where a run is driven, and why.
import Synchronization

// A run has one driver at a time. Without a place it is whoever wakes the run: the subscriber at first, then a timer,
// a sender, a request. With a place, a scheduler, it is that, always.
//
// A flow chooses the place while its stage is made, from the consumer up to the sources, by asking the scope that it
// is made in (`Scope.settle`):
//
// - `receive(on:)` claims it for what stands downstream of it. What stands upstream becomes a run of its own, which
//   hands over (`Handoff`).
// - `subscribe(on:)` claims it for what stands upstream of it. What stands downstream goes along, if nobody has
//   claimed a place for that. Else the claim is refused, and what stands upstream becomes a run of its own, with
//   that place. A `receive(on:)` further up still has its way: the run moves there, and the producers' place goes to
//   the run that `receive(on:)` makes.
//
// Who answers: a `Run` for itself. Whoever polls a stage without being a run's driver (a task, a blocked thread, a
// stage that joins several flows) makes the stage in a `PolledScope`: that gets a run which polls in their stead.

/// On whose behalf a stage asks for a place.
enum Claim {
  /// `subscribe(on:)`: for what stands upstream of it.
  case forProducers
  /// `receive(on:)`: for what stands downstream of it.
  case forConsumers
}

enum Settlement {
  /// The stage is polled there. Producers who had claimed another place take that along to a run of their own.
  case settled(producers: (any FlowScheduler)?)
  /// It is polled elsewhere already: whoever asked must bring a run of its own.
  case refused
}

/// The place of one run, and who claimed it.
struct Place {
  /// `nil` for wherever the run is woken.
  private(set) var scheduler: (any FlowScheduler)?
  private var claim = Claim.forProducers

  init(_ scheduler: (any FlowScheduler)?) { self.scheduler = scheduler }

  /// - Parameter isDriven: the stage is polled already, so it is too late to choose its first place.
  mutating func claim(_ scheduler: any FlowScheduler, _ claim: Claim, isDriven: Bool) -> Settlement {
    if let present = self.scheduler {
      if self.claim == .forProducers, claim == .forConsumers {
        self = Place(scheduler)
        self.claim = claim
        return .settled(producers: present)
      }
      return present === scheduler ? .settled(producers: nil) : .refused
    }
    if isDriven { return .refused }
    self = Place(scheduler)
    self.claim = claim
    return .settled(producers: nil)
  }
}

/// A scope whose stage is polled by its owner, who is not the driver of a run. When the flow has chosen a place, a
/// run there polls in the owner's stead, and hands over: the owner does not notice.
@usableFromInline
package class PolledScope: Scope, @unchecked Sendable {
  /// Polls in the owner's stead.
  private final let driver = AtomicLazyReference<Run>()
  private final var isMade = false
  /// Hears what the owner was handed and left. Only the owner touches it.
  @usableFromInline final var leftoverHook: DiscardHook?

  @usableFromInline override init() { super.init() }

  /// Tells the owner that a poll may find something new.
  func rouse() {}

  @usableFromInline
  override package final func wake() {
    if let driver = driver.load() { driver.wake() } else { rouse() }
  }

  override func hear(_ hook: @escaping DiscardHook) { leftoverHook = leftoverHook ?? hook }

  override func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement {
    if isMade, !isMoved { return .refused }
    return driver.storeIfNil(Run(.current)).settle(on: scheduler, claim)
  }

  /// It has a place of its own.
  final var isMoved: Bool { driver.load() != nil }

  /// The stage was made. True when the flow has chosen a place where it is polled.
  @usableFromInline
  final func isPlaced() -> Bool {
    isMade = true
    return isMoved
  }

  /// A stage that the owner may poll, for one that must be polled in its place.
  @usableFromInline
  final func handedOver<Element: Sendable>(
    _ stage: @escaping Flow<Element>.Stage, in context: FlowContext
  ) -> Flow<Element>.Stage {
    guard let driver = driver.load() else { return stage }
    let bell = Bell(self)
    own(bell)
    let outside = context.with(scope: bell)
    let inside = leftoverHook.map { hook in outside.with { $0.discardHook = hook } }
    return (inside ?? outside).handOff(driver) { _ in stage }
  }
}

/// What a hand-over wakes: the owner itself.
private final class Bell: Scope, @unchecked Sendable {
  private let owner: PolledScope
  init(_ owner: PolledScope) {
    self.owner = owner
    super.init()
  }
  override func wake() { owner.rouse() }
}

extension Flow {
  /// Makes the stage of one run for the owner of `scope`, wherever the flow wants to be polled.
  @inlinable
  func start(in scope: PolledScope, _ environment: Environment) -> Stage {
    let context = FlowContext(scope: scope, environment: environment)
    let stage = start(in: context)
    return scope.isPlaced() ? scope.handedOver(stage, in: context) : stage
  }
}
