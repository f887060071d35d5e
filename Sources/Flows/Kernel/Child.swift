// Several sources in one stage: each is polled only when it has something to say.
import Synchronization

/// One source of a stage that holds several: its own wake, which marks it ready, and its own cancellation.
@usableFromInline
final class Child: PolledScope, @unchecked Sendable {
  /// The place that the operator gave it.
  @usableFromInline let key: Int
  private let parent: FlowContext
  private let woken: WokenQueue
  // What waits among the woken without being marked so (`isWoken`) was polled in another turn.

  // Touched only by the driver.
  fileprivate var hasTurn = false
  /// Its place in the line: the number under which it was woken, or how many had been when it got its turn.
  fileprivate var ticket = 0
  /// It was last polled without room, under the number that is its ticket.
  fileprivate var isEarly = false
  /// The last round in which it delivered something, for a stage that counts them.
  @usableFromInline var lastDelivery = 0

  fileprivate init(_ parent: FlowContext, _ woken: WokenQueue, key: Int) {
    self.parent = parent
    self.woken = woken
    self.key = key
    super.init()
  }

  override func rouse() {
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

  /// What a recipe is given that makes the child's stage.
  var context: FlowContext { parent.with(scope: self) }

  /// Makes the stage of `flow`, which is this child's.
  @usableFromInline
  func start<Element: Sendable>(
    _ flow: Flow<Element>, in environment: Environment? = nil
  ) -> Flow<Element>.Stage {
    flow.start(in: self, environment ?? parent.environment)
  }
}

/// The children of one stage. Cost is per child that is ready, not per child.
@usableFromInline
final class Family {
  private let context: FlowContext
  private let woken = WokenQueue()
  /// Those that had more, in the order of their tickets.
  private var turns = Ring<Child>()
  /// Those that were polled without room when they were woken, and keep the place that they had: in the order
  /// of their tickets, before all that are still among the woken.
  private var early = Ring<Child>()

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
      if hasRoom, let child = nextInLine() {
        child.hasTurn = false
        child.isEarly = false
        if child.isEnded { continue }
        // Cleared before the poll, so that a wake during the poll counts.
        _ = child.isWoken.exchange(false, ordering: .acquiringAndReleasing)
        return child
      }
      let number = woken.departures
      guard let child = woken.pop() else { return nil }
      if !child.isWoken.exchange(false, ordering: .acquiringAndReleasing) || child.isEnded { continue }
      if !child.hasTurn {
        child.isEarly = !hasRoom
        child.ticket = number
      }
      return child
    }
  }

  /// Takes out the first that is not among the woken, if it goes before those.
  private func nextInLine() -> Child? {
    let firstWoken = early.first?.ticket ?? (woken.isEmpty ? .max : woken.departures)
    if let turn = turns.first, turn.ticket <= firstWoken { return turns.popFirst() }
    return early.popFirst()
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
    if child.isEarly {
      early.append(child)
    } else {
      child.ticket = woken.arrivals
      turns.append(child)
    }
  }

  /// The child that ``next(hasRoom:)`` has answered keeps its place in the line.
  @usableFromInline
  func putBack(_ child: Child) {
    child.hasTurn = true
    turns.prepend(child)
  }

  /// What a stage answers whose children are not all finished: whether one of them is to be polled again.
  @usableFromInline
  func answer(hasRoom: Bool) -> Poll {
    hasRoom && turns.isEmpty && early.isEmpty && woken.isEmpty ? .pending : .more
  }
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
