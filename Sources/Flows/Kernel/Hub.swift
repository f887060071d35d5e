// One producer's side, many subscribers: what subjects, current values and shared flows stand on.
import Synchronization

/// How a hub treats its subscribers.
@usableFromInline
struct HubRule: Sendable {
  /// How many of the last elements a new subscriber gets first.
  @usableFromInline var replay = 0
  /// The most elements that wait for one subscriber.
  @usableFromInline var capacity: Int
  /// What happens to an element that finds so many waiting; `nil` when the producer asks before it sends.
  @usableFromInline var policy: OverflowPolicy?
  /// Elements that a subscriber has asked for already do not count as waiting. For a producer of batches.
  @usableFromInline var sparesAsked = false

  @inlinable
  init(replay: Int = 0, capacity: Int, policy: OverflowPolicy?, sparesAsked: Bool = false) {
    self.replay = replay
    self.capacity = capacity
    self.policy = policy
    self.sparesAsked = sparesAsked
  }
}

/// Hands every element to all subscribers, each of which has a bounded queue.
///
/// One lock for all of them, one turn of it per element or batch. Nothing foreign is called while it is held, and
/// nothing is destroyed: elements that are given up leave first.
@usableFromInline
final class Hub<Element: Sendable>: @unchecked Sendable {
  @usableFromInline let lock = Lock()
  @usableFromInline let rule: HubRule
  // All guarded by `lock`.
  @usableFromInline var outlets: [Outlet<Element>] = []
  @usableFromInline var replay = Ring<Element>()
  @usableFromInline var ending: Poll?
  /// How often something was sent.
  @usableFromInline var turns = 0
  /// Outlets that are closed and still on the list.
  private var closed = 0
  /// No more subscribers.
  var isShut = false
  /// How many subscribers cannot take any more.
  @usableFromInline var full = 0
  /// How many subscribers have asked for something that has not come.
  @usableFromInline var asking = 0
  /// The producer has asked.
  @usableFromInline var isStarted = false
  /// What the producer was told that it may send; -1 for one that does not ask.
  @usableFromInline var told = -1

  /// The producer that asks, told under no lock of what it needs to know.
  let connection: Connection<Element>?

  @usableFromInline
  init(_ rule: HubRule) {
    self.rule = rule
    connection = nil
  }

  init(_ rule: HubRule, _ connection: Connection<Element>) {
    self.rule = rule
    self.connection = connection
    told = 0
  }

  // MARK: The producer

  /// What became of an element.
  @usableFromInline
  enum Sent {
    case delivered(Int)
    /// So many subscribers have lost one.
    case dropped(Int)
    case terminated
  }

  /// Hands `element` to all subscribers.
  @inlinable
  func send(_ element: Element) -> Sent { send(element, onTurn: nil) ?? .terminated }

  /// Hands `element` to all subscribers, if nothing was sent since `turn`. The answer is `nil` when there was.
  @inlinable
  func send(_ element: Element, onTurn turn: Int?) -> Sent? {
    lock.acquire(for: self)
    if ending != nil {
      lock.release(for: self)
      return .terminated
    }
    if let turn, turn != turns {
      lock.release(for: self)
      return nil
    }
    turns &+= 1
    var round = Round<Element>()
    remember(element, &round)
    for outlet in outlets { outlet.take(element, &round) }
    lock.release(for: self)
    round.conclude()
    return round.lost.isEmpty ? .delivered(round.count) : .dropped(round.lost.count)
  }

  /// Ends the stream of every subscriber, after what waits for it, and of every later one. The first end counts.
  @usableFromInline
  @discardableResult
  func finish(_ how: Poll) -> Bool {
    var round = Round<Element>()
    let isFirst = lock(self) {
      if ending != nil { return false }
      ending = how
      for outlet in outlets { outlet.tell(&round) }
      return true
    }
    round.conclude()
    return isFirst
  }

  /// Keeps `element` for later subscribers. Called with the lock held.
  @inlinable
  func remember(_ element: Element, _ round: inout Round<Element>) {
    if rule.replay == 0 { return }
    if replay.count >= rule.replay, let oldest = replay.popFirst() { round.forget(oldest) }
    replay.append(element)
  }

  /// The element that was sent last, when elements are replayed, and the number of its turn.
  var newest: (element: Element?, turn: Int) { lock(self) { (replay.newest, turns) } }

  /// The number of subscribers.
  @usableFromInline
  var count: Int { lock(self) { live } }

  private var live: Int { outlets.count - closed }

  // MARK: Subscribers

  /// The flow of those who subscribe to a hub that takes everybody.
  var flow: Flow<Element> {
    Flow { context in self.read(in: context) ?? { _ in .finished } }
  }

  /// Makes the stage of a new subscriber; `nil` when the hub takes no more.
  @usableFromInline
  func read(in context: FlowContext) -> Flow<Element>.Stage? {
    let outlet = Outlet(self, context)
    let isTaken = lock(self) {
      if isShut { return false }
      replay.copy(into: &outlet.queue)
      outlets.append(outlet)
      outlet.judge()
      return true
    }
    guard isTaken else { return nil }
    context.scope.own(outlet)
    return { room in outlet.receive(into: &room) }
  }

  /// Takes no more subscribers, if there are none. False when there are.
  func shut() -> Bool {
    lock(self) {
      if live > 0 { return false }
      isShut = true
      return true
    }
  }

  /// Tells the producer that a subscriber asks for more than it knows of.
  @usableFromInline
  func call(_ context: FlowContext) { connection?.wake(self, for: context) }

  /// Takes the outlets off the list that were closed.
  func leave(_ context: FlowContext) {
    var dead: [Outlet<Element>] = []
    let (isLast, isFreed) = lock(self) {
      closed += 1
      if closed * 2 > outlets.count {
        swap(&dead, &outlets)
        outlets = dead.filter { !$0.isClosed }
        closed = 0
      }
      // It may have been the one that the others waited for.
      return (live == 0, told == 0 && isStarted && mustAsk(0))
    }
    // Destroyed here, under no lock.
    withExtendedLifetime(dead) {}
    if isLast { connection?.isUnused(self, context) } else if isFreed { call(context) }
  }
}
