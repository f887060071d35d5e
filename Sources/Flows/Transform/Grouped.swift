// Elements with the same key, as flows.

/// The elements of a flow that have a key in common: ``Flow/grouped(by:maxGroups:atLimit:buffer:idle:)``.
public struct GroupedFlow<Key: Sendable, Element: Sendable>: Sendable {
  public let key: Key
  /// Can be run once; a second time it fails with ``FlowRunTwice``.
  public let flow: Flow<Element>
}

/// What becomes of an element with a new key when there are as many groups as there may be.
public enum GroupLimit: Sendable, Equatable {
  /// It begins a group in the place of the one that was begun first, which completes.
  case evictOldest
  /// It fails the flow with ``TooManyGroups``.
  case fail
  /// It waits until a group has been let go, and everything behind it waits, too. When nobody has run any of the
  /// groups, and none ends for want of elements, that would be for ever: then it fails the flow with
  /// ``GroupStarvation``.
  case backpressure
}

/// There are more keys than groups.
public struct TooManyGroups: Error, Equatable {
  /// The most groups there may be.
  public let limit: Int
  public init(limit: Int) { self.limit = limit }
}

/// There are more keys than groups, and nobody consumes these.
public struct GroupStarvation: Error, Equatable {
  /// The most groups there may be.
  public let limit: Int
  public init(limit: Int) { self.limit = limit }
}

extension Flow {
  /// Delivers, for every `key` that has not come before, a flow of the elements that have it.
  ///
  ///     source              -a-b-A-B-c-|
  ///     grouped { letter }  -x-y-----z-|
  ///
  /// with a flow of a and A for x, of b and B for y and of c for z.
  ///
  /// A group is delivered with its first element, and is open as long as the run that it comes from, whose end in its
  /// middle fails it with `CancellationError`. One that is let go takes its place, and its elements are given up,
  /// until that place is needed.
  ///
  /// **Demand.** Elements are asked for one at a time, when a group has space for one, or a new group is asked for. An
  /// element whose group is full, or which begins a group that was not asked for, holds up those behind it: let all
  /// groups be consumed at the same time, as with `flatMap(maxConcurrent:)` of as many flows. **Completion** and
  /// **Failure**, also of all groups.
  ///
  /// - Parameters:
  ///   - key: what the elements of a group have in common.
  ///   - limit: the most groups at a time, at least 1; anything else traps.
  ///   - policy: what becomes of an element that would begin one more.
  ///   - capacity: the most elements that wait in a group, at least 1; anything else traps.
  ///   - idle: a group completes that has had no element for so long; a later one with its key begins another. More than
  ///     zero; anything else traps. `nil` for no limit.
  public func grouped<Key: Hashable & Sendable>(
    by key: @escaping @Sendable (Element) throws -> Key, maxGroups limit: Int, atLimit policy: GroupLimit,
    buffer capacity: Int = 1, idle: Duration? = nil
  ) -> Flow<GroupedFlow<Key, Element>> {
    precondition(limit > 0, "grouped(maxGroups: \(limit)): there must be room for at least one group")
    precondition(
      capacity > 0, "grouped(buffer: \(capacity)): a buffer needs room for at least one element")
    if let idle { precondition(idle > .zero, "grouped(idle: \(idle)): the interval must be more than zero") }
    return Flow<GroupedFlow<Key, Element>> { context in
      let grouping = Cell(Grouping(self, in: context, by: key, limit, policy, buffer: capacity, idle: idle))
      return { room in grouping.value.poll(&room) }
    }
  }
}

/// The stage that delivers the groups.
struct Grouping<Key: Hashable & Sendable, Element: Sendable>: Dealing {
  /// A group, and when it ends for want of elements.
  private struct Group {
    let branch: Branch<Element>
    let number: Int
    var last = FlowInstant(nanoseconds: 0)
  }

  let context: FlowContext
  private let key: @Sendable (Element) throws -> Key
  private let limit: Int
  private let policy: GroupLimit
  private let capacity: Int
  var upstream: Upstream<Element>
  private var groups: [Key: Group] = [:]
  /// How many groups were begun.
  private var begun = 0
  /// The keys of the groups, in the order in which these were begun.
  private var order: [Key] = []
  /// The element that has come and stands in no group yet, and its key, when that is known.
  let waiting: Held<Element>
  private var nextKey: Key?
  var ending = Poll.pending
  private var idle: IdleLimit<Key>?

  init(
    _ flow: Flow<Element>, in context: FlowContext, by key: @escaping @Sendable (Element) throws -> Key,
    _ limit: Int, _ policy: GroupLimit, buffer capacity: Int, idle: Duration?
  ) {
    self.context = context
    self.key = key
    self.limit = limit
    self.policy = policy
    self.capacity = capacity
    upstream = Upstream(flow, in: context)
    waiting = Held(context)
    self.idle = idle.map { IdleLimit($0, in: context) }
  }

  func space(_ room: Int) -> Int { waiting.isEmpty && (room > 0 || hasSpace) ? 1 : 0 }

  /// Some group has space; one that was let go always has.
  private var hasSpace: Bool { groups.values.contains { !$0.branch.isOpen || $0.branch.space > 0 } }

  mutating func place(_ room: inout Chunk<GroupedFlow<Key, Element>>) throws {
    guard let element = waiting.first else { return }
    let key = try nextKey ?? key(element)
    nextKey = key
    if groups[key] == nil {
      guard !room.isFull, try makePlace() else { return }
      begun += 1
      let group = Group(branch: Branch(in: context, buffer: capacity), number: begun)
      groups[key] = group
      order.append(key)
      let now = context.now
      idle?.watch(key, group.number, from: now)
      let groups = groups
      idle?.sweep(live: groups.count) { groups[$0]?.number == $1 }
      room.append(GroupedFlow(key: key, flow: group.branch.flow))
    }
    guard let group = groups[key]?.branch, !group.isFull, let element = waiting.next() else { return }
    nextKey = nil
    if idle != nil {
      let now = context.now
      groups[key]?.last = now
    }
    group.send(element)
  }

  /// Whether there is a place for another group.
  private mutating func makePlace() throws -> Bool {
    if groups.count < limit { return true }
    if let gone = order.firstIndex(where: { groups[$0]?.branch.isOpen != true }) {
      end(gone)
      return true
    }
    switch policy {
    case .evictOldest: end(0)
    case .fail: throw TooManyGroups(limit: limit)
    case .backpressure:
      guard idle != nil || groups.values.contains(where: \.branch.isRead) else {
        throw GroupStarvation(limit: limit)
      }
      return false
    }
    return true
  }

  /// Ends the groups that have had no element for too long. One that an element waits for has one.
  mutating func endOthers() -> Bool {
    guard let now = idle?.isDue(in: context) else { return false }
    var hasEnded = false
    while let (key, number) = idle?.next(at: now) {
      guard let group = groups[key], group.number == number else { continue }
      let last = key == nextKey ? now : group.last
      if idle?.watch(key, number, from: last, unlessDueAt: now) == true { continue }
      if let place = order.firstIndex(of: key) { end(place) }
      hasEnded = true
    }
    return hasEnded
  }

  private mutating func end(_ place: Int) {
    let key = order.remove(at: place)
    groups.removeValue(forKey: key)?.branch.finish(.finished)
  }

  mutating func close(_ how: Poll) {
    for group in groups.values { group.branch.finish(how) }
    groups = [:]
    order = []
  }
}

/// Which group is the next that may have been without elements for too long: one alarm for all.
///
/// A group is on the list once, under the time that was its last when it was put there. When that is over and it has
/// got elements since, it is put there anew: so an element costs a look at the clock.
private struct IdleLimit<Key: Hashable> {
  private struct Entry: Comparable {
    let due: FlowInstant
    let key: Key
    let number: Int
    static func < (a: Entry, b: Entry) -> Bool { a.due < b.due }
    static func == (a: Entry, b: Entry) -> Bool { a.due == b.due }
  }

  private let limit: Duration
  private let alarm: Alarm
  private var entries = Heap<Entry>()

  init(_ limit: Duration, in context: FlowContext) {
    self.limit = limit
    alarm = context.alarm()
  }

  mutating func watch(_ key: Key, _ number: Int, from last: FlowInstant) {
    entries.insert(Entry(due: last.advanced(by: limit), key: key, number: number))
    setAlarm()
  }

  /// The same; false, and nothing is done, when that is over already.
  mutating func watch(_ key: Key, _ number: Int, from last: FlowInstant, unlessDueAt now: FlowInstant) -> Bool
  {
    if last.advanced(by: limit) <= now { return false }
    watch(key, number, from: last)
    return true
  }

  /// Takes the entries of groups that have ended otherwise off the list, when they are most of it.
  mutating func sweep(live: Int, _ isLive: (Key, Int) -> Bool) {
    if entries.count > 64, entries.count > 4 * live { entries.filter { isLive($0.key, $0.number) } }
  }

  /// The present, when something may be over.
  func isDue(in context: FlowContext) -> FlowInstant? { alarm.isDue ? context.now : nil }

  /// Takes out the first whose time is over.
  mutating func next(at now: FlowInstant) -> (key: Key, number: Int)? {
    guard let first = entries.first, first.due <= now else {
      setAlarm()
      return nil
    }
    entries.removeFirst()
    return (first.key, first.number)
  }

  private func setAlarm() { alarm.set(at: entries.first?.due ?? .distantFuture) }
}
