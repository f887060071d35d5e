// Several sources in one stage: each is polled only when it has something to say.
import Synchronization

/// One source of a stage that holds several: its own wake, which marks it ready, and its own cancellation.
@usableFromInline
final class Child: Scope, @unchecked Sendable {
  /// The place that the operator gave it.
  let key: Int
  private let family: Family
  fileprivate let isReady = Atomic<Bool>(false)

  fileprivate init(_ family: Family, key: Int) {
    self.family = family
    self.key = key
    super.init()
  }

  override func wake() {
    family.markReady(self)
    family.context.scope.wake()
  }

  /// Marks the child to be polled again, behind the others, in this turn or the next.
  func pollAgain() { family.markReady(self) }

  /// Lets the child go with everything that it owns.
  func leave() { family.context.scope.release(self) }

  /// What the child's recipe is given.
  var context: FlowContext { family.context.with(scope: self) }
}

/// The children of one stage. Cost is per ready child, not per child.
@usableFromInline
final class Family: Sendable {
  fileprivate let context: FlowContext
  private let ready = ReadyQueue()

  init(_ context: FlowContext) { self.context = context }

  /// A new child, owned by the stage's run, and ready to be polled for the first time.
  func add(key: Int) -> Child {
    let child = Child(self, key: key)
    context.scope.own(child)
    markReady(child)
    return child
  }

  /// The child that has been ready longest. It must be polled, or marked again: it is ready no more.
  func nextReady() -> Child? {
    while let child = ready.pop() {
      // Cleared before the poll, so that a wake during the poll counts.
      _ = child.isReady.exchange(false, ordering: .acquiringAndReleasing)
      if !child.isEnded { return child }
    }
    return nil
  }

  fileprivate func markReady(_ child: Child) {
    if !child.isReady.exchange(true, ordering: .acquiringAndReleasing) { ready.push(child) }
  }
}

/// Children in the order in which they became ready.
private final class ReadyQueue: @unchecked Sendable {
  private let lock = Lock()
  private var queue = Ring<Child>()  // guarded by `lock`

  func push(_ child: Child) { lock(self) { queue.append(child) } }
  func pop() -> Child? { lock(self) { queue.popFirst() } }
}
