// Elements with the same key, as flows.

/// The elements of a flow that have a key in common: ``Flow/grouped(by:maxGroups:atLimit:buffer:)``.
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
  /// groups, that would be for ever: then it fails the flow with ``GroupStarvation``.
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
  public func grouped<Key: Hashable & Sendable>(
    by key: @escaping @Sendable (Element) throws -> Key, maxGroups limit: Int, atLimit policy: GroupLimit,
    buffer capacity: Int = 1
  ) -> Flow<GroupedFlow<Key, Element>> {
    precondition(limit > 0, "grouped(maxGroups: \(limit)): there must be room for at least one group")
    precondition(
      capacity > 0, "grouped(buffer: \(capacity)): a buffer needs room for at least one element")
    return Flow<GroupedFlow<Key, Element>> { context in
      let grouping = Cell(Grouping(self, in: context, by: key, limit, policy, buffer: capacity))
      return { room in grouping.value.poll(&room) }
    }
  }
}

/// The stage that delivers the groups.
struct Grouping<Key: Hashable & Sendable, Element: Sendable> {
  private let context: FlowContext
  private let key: @Sendable (Element) throws -> Key
  private let limit: Int
  private let policy: GroupLimit
  private let capacity: Int
  private var upstream: Upstream<Element>
  private var groups: [Key: Branch<Element>] = [:]
  /// The keys of the groups, in the order in which these were begun.
  private var order: [Key] = []
  /// The element that has come and stands in no group yet, and its key, when that is known.
  private let waiting: Held<Element>
  private var nextKey: Key?
  private var ending = Poll.pending

  init(
    _ flow: Flow<Element>, in context: FlowContext, by key: @escaping @Sendable (Element) throws -> Key,
    _ limit: Int, _ policy: GroupLimit, buffer capacity: Int
  ) {
    self.context = context
    self.key = key
    self.limit = limit
    self.policy = policy
    self.capacity = capacity
    upstream = Upstream(flow, in: context)
    waiting = Held(context)
  }

  mutating func poll(_ room: inout Chunk<GroupedFlow<Key, Element>>) -> Poll {
    do {
      for _ in 0..<Poll.patience {
        try place(&room)
        var asked = 0
        if !ending.isTerminal {
          asked = waiting.isEmpty && (!room.isFull || hasSpace) ? 1 : 0
          ending = waiting.fill(atMost: asked, from: { upstream.poll(&$0) })
          try place(&room)
        }
        if ending.isTerminal, waiting.isEmpty {
          close(ending)
          return ending
        }
        // Asked for nothing, upstream has nothing to be woken for; the consumers of the groups do that.
        if asked == 0 || !ending.asksAgain { return room.isFull ? .more : .pending }
      }
      // Groups are filled without demand for more of them.
      context.scope.wake()
      return .more
    } catch {
      upstream.end()
      close(.failed(error))
      return .failed(error)
    }
  }

  /// Some group has space; one that was let go always has.
  private var hasSpace: Bool { groups.values.contains { !$0.isOpen || $0.space > 0 } }

  /// Puts what waits into its group, if there is room for it.
  private mutating func place(_ room: inout Chunk<GroupedFlow<Key, Element>>) throws {
    guard let element = waiting.first else { return }
    let key = try nextKey ?? key(element)
    nextKey = key
    if groups[key] == nil {
      guard !room.isFull, try makePlace() else { return }
      let group = Branch<Element>(in: context, buffer: capacity)
      groups[key] = group
      order.append(key)
      room.append(GroupedFlow(key: key, flow: group.flow))
    }
    guard let group = groups[key], !group.isFull, let element = waiting.next() else { return }
    nextKey = nil
    group.send(element)
  }

  /// Whether there is a place for another group.
  private mutating func makePlace() throws -> Bool {
    if groups.count < limit { return true }
    if let gone = order.firstIndex(where: { groups[$0]?.isOpen != true }) {
      end(gone)
      return true
    }
    switch policy {
    case .evictOldest: end(0)
    case .fail: throw TooManyGroups(limit: limit)
    case .backpressure:
      guard groups.values.contains(where: \.isRead) else { throw GroupStarvation(limit: limit) }
      return false
    }
    return true
  }

  private mutating func end(_ place: Int) {
    groups.removeValue(forKey: order.remove(at: place))?.finish(.finished)
  }

  private mutating func close(_ how: Poll) {
    for group in groups.values { group.finish(how) }
    groups = [:]
    order = []
  }
}
