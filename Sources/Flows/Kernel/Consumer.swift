// What a consumer that polls by itself has in common with others: a task, or a thread.
import Synchronization

/// The scope of a run whose stage is polled by the one who consumes: polling needs no permission, waking only ends
/// a wait. When the flow has chosen a place, a run there polls in the consumer's stead, and hands over.
@usableFromInline
class Consumer: Scope, @unchecked Sendable {
  private final let driver = AtomicLazyReference<Run>()
  private final var isBegun = false
  /// Hears what the consumer was handed and left. Only the consumer touches it.
  @usableFromInline final var leftoverHook: DiscardHook?

  /// Ends the wait of the consumer.
  func rouse() {}

  @usableFromInline
  override final func wake() {
    if let driver = driver.load() { driver.wake() } else { rouse() }
  }

  override final func hear(_ hook: @escaping DiscardHook) { leftoverHook = leftoverHook ?? hook }

  /// The consumer leaves `element`.
  @inlinable
  final func discard<Element: Sendable>(_ element: Element) { leftoverHook?(element, .ended) }

  override final func settle(on scheduler: any FlowScheduler, _ claim: Claim) -> Settlement {
    if isBegun, driver.load() == nil { return .refused }
    return driver.storeIfNil(Run(.current)).settle(on: scheduler, claim)
  }

  /// The stage was made. True when the flow has chosen a place where it is polled.
  @usableFromInline
  final func begin() -> Bool {
    isBegun = true
    return driver.load() != nil
  }

  /// A stage that the consumer may poll, for one that must be polled elsewhere.
  @usableFromInline
  final func handedOver<Element: Sendable>(
    _ stage: @escaping Flow<Element>.Stage, in context: FlowContext
  ) -> Flow<Element>.Stage {
    guard let driver = driver.load() else { return stage }
    let bell = Bell(self)
    own(bell)
    let hook = leftoverHook
    return context.with(scope: bell).with { $0.discardHook = hook }.handOff(driver) { _ in stage }
  }

  /// The consumer is done.
  @usableFromInline
  final func close() {
    end()
    leftoverHook = nil
  }
}

/// What a hand-over wakes: the consumer itself.
private final class Bell: Scope, @unchecked Sendable {
  private let consumer: Consumer
  init(_ consumer: Consumer) {
    self.consumer = consumer
    super.init()
  }
  override func wake() { consumer.rouse() }
}
