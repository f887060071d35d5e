// Where a run is driven.

/// On whose behalf a stage asks for a place.
enum Claim {
  /// `subscribe(on:)`: for what stands upstream of it. Consumers go along, unless they have claimed another place.
  case forProducers
  /// `receive(on:)`: for what stands downstream of it.
  case forConsumers
}

enum Settlement {
  /// The run is driven there. Producers who had claimed another place take that along to a run of their own.
  case settled(producers: (any FlowScheduler)?)
  /// The run has another place, is driven already, or belongs to several sources: whoever asked must bring a
  /// run of its own.
  case refused
}

extension Run {
  /// A place, and who claimed it.
  struct Place {
    let scheduler: any FlowScheduler
    let claim: Claim
  }
}

/// Part of a run of no settled place that is woken on `scheduler`.
final class Detour: Scope, @unchecked Sendable {
  private let parent: Scope
  private let scheduler: any FlowScheduler

  init(_ parent: Scope, by scheduler: any FlowScheduler) {
    self.parent = parent
    self.scheduler = scheduler
    super.init()
  }

  override func wake() { scheduler.execute { [parent] in parent.wake() } }
}

extension FlowContext {
  /// A part of this run that is woken on `scheduler`.
  func detour(by scheduler: any FlowScheduler) -> FlowContext {
    let detour = Detour(scope, by: scheduler)
    scope.own(detour)
    return with(scope: detour)
  }
}
