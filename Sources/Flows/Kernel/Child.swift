// Several sources in one stage: each is polled only when it has something to say.
import Synchronization

/// One source of a stage that holds several: its own wake, which marks it ready, and its own cancellation.
@usableFromInline
final class Child: Scope, @unchecked Sendable {
  /// The place that the operator gave it.
  @usableFromInline let key: Int
  private let parent: FlowContext
  private let woken: WokenQueue
  /// It waits among the woken.
  fileprivate let isWoken = Atomic<Bool>(false)
  /// It waits for its turn. Only the driver touches it.
  fileprivate var hasTurn = false

  fileprivate init(_ parent: FlowContext, _ woken: WokenQueue, key: Int) {
    self.parent = parent
    self.woken = woken
    self.key = key
    super.init()
  }

  @usableFromInline
  override func wake() {
    markWoken()
    parent.scope.wake()
  }

  fileprivate func markWoken() {
    if !isWoken.exchange(true, ordering: .acquiringAndReleasing) { woken.push(self) }
  }

  /// Lets the child go with everything that it owns.
  @usableFromInline
  func leave() { parent.scope.release(self) }

  /// What the child's recipe is given.
  @usableFromInline
  var context: FlowContext { parent.with(scope: self) }
}

/// The children of one stage. Cost is per child that is ready, not per child.
@usableFromInline
final class Family {
  private let context: FlowContext
  private let woken = WokenQueue()
  /// Those that had more, oldest first.
  private var turns = Ring<Child>()

  @usableFromInline
  init(_ context: FlowContext) {
    self.context = context
    context.scope.own(woken)
  }

  /// A new child, owned by the stage's run, and ready to be polled for the first time.
  @usableFromInline
  func add(key: Int) -> Child {
    let child = Child(context, woken, key: key)
    context.scope.own(child)
    child.markWoken()
    return child
  }

  /// The child whose turn it is: that has been ready longest, while there is room; without room, one that was
  /// woken since its last poll, for progress. It must be polled, and given another turn when it has more.
  @usableFromInline
  func next(hasRoom: Bool) -> Child? {
    while true {
      if hasRoom { while let newcomer = woken.pop() { giveTurn(newcomer) } }
      guard let child = hasRoom ? turns.popFirst() : woken.pop() else { return nil }
      // Cleared before the poll, so that a wake during the poll counts.
      _ = child.isWoken.exchange(false, ordering: .acquiringAndReleasing)
      if hasRoom { child.hasTurn = false }
      if !child.isEnded { return child }
    }
  }

  /// The child has more: it is polled again, after the others.
  @usableFromInline
  func giveTurn(_ child: Child) {
    if child.hasTurn { return }
    child.hasTurn = true
    turns.append(child)
  }

  /// What a stage answers whose children are not all finished: whether one of them has more.
  @usableFromInline
  var poll: Poll { turns.isEmpty ? .pending : .more }
}

/// Children in the order in which they were woken. Emptied when the run ends: a child and its queue hold each
/// other.
private final class WokenQueue: Resource, @unchecked Sendable {
  private let lock = Lock()
  // Both guarded by `lock`.
  private var queue = Ring<Child>()
  private var isClosed = false

  func push(_ child: Child) {
    lock(self) { if !isClosed { queue.append(child) } }
  }

  func pop() -> Child? { lock(self) { queue.popFirst() } }

  override func release() {
    let left = lock(self) {
      isClosed = true
      var left: [Child] = []
      while let child = queue.popFirst() { left.append(child) }
      return left
    }
    // Destroyed here, under no lock.
    withExtendedLifetime(left) {}
  }
}
