// One producer's side, many subscribers: what subjects, current values and shared flows stand on.
import Synchronization

/// How a hub treats its subscribers.
@usableFromInline
struct HubRule: Sendable {
  /// How many of the last elements a new subscriber gets first.
  @usableFromInline var replay = 0
  /// How long they are kept for that; `nil` for as long as the hub.
  @usableFromInline var lifetime: ReplayLifetime?
  /// The most elements that wait for one subscriber.
  @usableFromInline var capacity: Int
  /// What happens to an element that finds so many waiting; `nil` when the producer asks before it sends.
  @usableFromInline var policy: OverflowPolicy?
  /// Elements that a subscriber has asked for already do not count as waiting. For a producer of batches.
  @usableFromInline var sparesAsked = false

  @inlinable
  init(
    replay: Int = 0, lifetime: ReplayLifetime? = nil, capacity: Int, policy: OverflowPolicy?,
    sparesAsked: Bool = false
  ) {
    self.replay = replay
    self.lifetime = lifetime
    self.capacity = capacity
    self.policy = policy
    self.sparesAsked = sparesAsked
  }
}

/// How long an element is replayed, and by whose time.
@usableFromInline
struct ReplayLifetime: Sendable {
  @usableFromInline let age: Duration
  @usableFromInline let clock: any FlowScheduler
  init(_ age: Duration, _ clock: any FlowScheduler) {
    self.age = age
    self.clock = clock
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
  /// When what is replayed was sent, for a hub where it has a lifetime.
  @usableFromInline var dates = Ring<FlowInstant>()
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
    let now = rule.lifetime?.clock.now
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
    remember(element, at: now, &round)
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
  func remember(_ element: Element, at now: FlowInstant? = nil, _ round: inout Round<Element>) {
    if rule.replay == 0 { return }
    if let now { forget(at: now, &round) }
    if replay.count >= rule.replay { forgetOldest(&round) }
    replay.append(element)
    if let now { dates.append(now) }
  }

  /// Forgets what has been kept as long as it is to be. Called with the lock held.
  @usableFromInline
  func forget(at now: FlowInstant, _ round: inout Round<Element>) {
    guard let age = rule.lifetime?.age else { return }
    while let date = dates.first, date.duration(to: now) >= age { forgetOldest(&round) }
  }

  @inlinable
  func forgetOldest(_ round: inout Round<Element>) {
    if let oldest = replay.popFirst() { round.forget(oldest) }
    dates.dropFirst()
  }

  /// The element that was sent last, when elements are replayed, and the number of its turn.
  var newest: (element: Element?, turn: Int) { lock(self) { (replay.newest, turns) } }

  /// The number of subscribers.
  @usableFromInline
  var count: Int { lock(self) { live } }

  private var live: Int { outlets.count - closed }

  /// What the first subscriber that is still there wants its producers to know.
  var environment: Environment? { lock(self) { outlets.lazy.compactMap(\.context).first?.environment } }

  // MARK: Subscribers

  /// The flow of those who subscribe to a hub that takes everybody.
  var flow: Flow<Element> {
    Flow { context in self.read(in: context) ?? { _ in .finished } }
  }

  /// Makes the stage of a new subscriber; `nil` when the hub takes no more.
  @usableFromInline
  func read(in context: FlowContext) -> Flow<Element>.Stage? {
    let outlet = Outlet(self, context)
    let now = rule.lifetime?.clock.now
    // What it forgets is destroyed with it, under no lock.
    var round = Round<Element>()
    let isTaken = lock(self) {
      if isShut { return false }
      if let now { forget(at: now, &round) }
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
