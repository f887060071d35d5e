// Several sources in one stage: each is polled only when it has something to say.
import Synchronization

/// One source of a stage that holds several: its own wake, which marks it ready, and its own cancellation.
@usableFromInline
final class Child: Scope, @unchecked Sendable {
  /// The place that the operator gave it.
  @usableFromInline let key: Int
  private let parent: FlowContext
  private let woken: WokenQueue
  /// It was woken and not polled since. What waits among the woken without it was polled in another turn.
  fileprivate let isWoken = Atomic<Bool>(false)
  // Touched only by the driver.
  fileprivate var hasTurn = false
  /// How many had been woken when it got its turn: those go first.
  fileprivate var ticket = 0

  fileprivate init(_ parent: FlowContext, _ woken: WokenQueue, key: Int) {
    self.parent = parent
    self.woken = woken
    self.key = key
    super.init()
  }

  @usableFromInline
  override func wake() {
    // A source that goes on talking after it was let go costs nobody a poll.
    if isEnded { return }
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
  /// Those that must be polled again, oldest first.
  private var turns = Ring<Child>()

  @usableFromInline
  init(_ context: FlowContext) {
    self.context = context
    context.scope.own(woken)
  }

  /// A new child, owned by the stage's run, and ready to be polled for the first time.
  @usableFromInline
  func add(key: Int) -> Child {
    let child = adopt(key: key)
    child.markWoken()
    return child
  }

  /// A new child, owned by the stage's run, that ``next(hasRoom:)`` answers when it is woken.
  @usableFromInline
  func adopt(key: Int) -> Child {
    let child = Child(context, woken, key: key)
    context.scope.own(child)
    return child
  }

  /// The child whose turn it is: that has been ready longest, while there is room; without room, one that was
  /// woken since its last poll, for progress. It must be polled, and handed to ``settle(_:after:hasRoom:)``
  /// unless that ended it.
  @usableFromInline
  func next(hasRoom: Bool) -> Child? {
    while true {
      if hasRoom, let first = turns.first, first.ticket <= woken.departures || woken.isEmpty {
        turns.dropFirst()
        first.hasTurn = false
        if first.isEnded { continue }
        // Cleared before the poll, so that a wake during the poll counts.
        _ = first.isWoken.exchange(false, ordering: .acquiringAndReleasing)
        return first
      }
      guard let newcomer = woken.pop() else { return nil }
      if newcomer.isWoken.exchange(false, ordering: .acquiringAndReleasing), !newcomer.isEnded {
        return newcomer
      }
    }
  }

  /// Files a child that was polled. One that had more comes again, after the others; and so does one that
  /// waits but was lent no room, or filled it: it was not asked for anything that could wake it.
  @usableFromInline
  func settle(_ child: Child, after poll: Poll, hasRoom: Bool) {
    if poll.asksAgain || !hasRoom { giveTurn(child) }
  }

  /// The child is polled again when there is room, after the others.
  @usableFromInline
  func giveTurn(_ child: Child) {
    if child.hasTurn { return }
    child.hasTurn = true
    child.ticket = woken.arrivals
    turns.append(child)
  }

  /// What a stage answers whose children are not all finished: whether one of them is to be polled again.
  @usableFromInline
  var poll: Poll { turns.isEmpty && woken.isEmpty ? .pending : .more }
}

/// Children in the order in which they were woken. Emptied when the run ends: a child and its queue hold each
/// other.
private final class WokenQueue: Resource, @unchecked Sendable {
  private let lock = Lock()
  // Both guarded by `lock`.
  private var queue = Ring<Child>()
  private var isClosed = false
  private let pushed = Atomic<Int>(0)
  /// How many were taken out, which is the number of the first. Only the driver touches it.
  private(set) var departures = 0

  /// How many were ever put in, which is the number of the next.
  var arrivals: Int { pushed.load(ordering: .acquiring) }

  /// Asked without the lock: who puts one in wakes the driver afterwards.
  var isEmpty: Bool { departures == arrivals }

  func push(_ child: Child) {
    lock(self) {
      if isClosed { return }
      queue.append(child)
      pushed.wrappingAdd(1, ordering: .releasing)
    }
  }

  func pop() -> Child? {
    if isEmpty { return nil }
    guard let child = lock(self, { queue.popFirst() }) else { return nil }
    departures &+= 1
    return child
  }

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
