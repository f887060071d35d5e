// The newest element of each source, whenever one changes.

/// The stage of `combineLatest`: every element of a source makes a row with the newest elements of the others.
@usableFromInline
struct Changes {
  @usableFromInline let family: Family
  @usableFromInline let policy: ChangePolicy
  @usableFromInline var columns: [Column] = []
  /// Makes the oldest element that a column holds its newest; false when it holds none.
  @usableFromInline var advance: [() -> Bool] = []
  @usableFromInline var hasElement: [Bool] = []
  /// So many sources have not delivered an element yet.
  @usableFromInline var missing = 0
  @usableFromInline var live = 0
  /// There is a row that could not be delivered.
  @usableFromInline var isLate = false

  @inlinable
  init(_ context: FlowContext, _ policy: ChangePolicy) {
    family = Family(context)
    self.policy = policy
  }

  @inlinable
  mutating func add<Element>(_ flow: Flow<Element>, _ latest: LatestElement<Element>) {
    let held = Held<Element>(latest.context)
    columns.append(Column(flow, family.add(key: columns.count), held))
    advance.append {
      guard let element = held.next() else { return false }
      latest.replace(with: element)
      return true
    }
    hasElement.append(false)
    missing &+= 1
    live &+= 1
  }

  /// Fills the room with rows, which `row` makes of the newest element of each source.
  @inlinable
  mutating func poll<Row>(_ room: inout Chunk<Row>, _ row: () -> Row) -> Poll {
    if isLate, !room.isFull {
      room.append(row())
      isLate = false
    }
    var polls = 0
    while live > 0, polls < Poll.patience, let child = family.next(hasRoom: !room.isFull) {
      polls &+= 1
      let poll = collect(from: child, &room, row)
      if poll.isTerminal { return poll }
    }
    if live > 0 { return family.answer(hasRoom: !room.isFull) }
    return isLate ? .more : .finished
  }

  /// The answer is terminal when there cannot be another row.
  @inlinable
  mutating func collect<Row>(from child: Child, _ room: inout Chunk<Row>, _ row: () -> Row) -> Poll {
    let key = child.key
    var polls = 0
    while true {
      let limit = limit(of: key, room.room)
      let poll = columns[key].ask(limit)
      while advance[key]() {
        if !hasElement[key] { found(key) }
        if missing > 0 { continue }
        isLate = room.isFull
        if !isLate { room.append(row()) }
      }
      switch poll {
      case .failed: return poll
      case .finished:
        columns[key].isFinished = true
        live &-= 1
        // Without an element of this source there will never be a row.
        return hasElement[key] ? .pending : .finished
      case .more, .pending:
        polls &+= 1
        if policy == .latest, poll.asksAgain, room.isFull, polls < Poll.patience { continue }
        // A source that has to wait for the others gets its turn when they are there.
        let waits = policy == .everyChange && missing > 0 && hasElement[key]
        if !waits { family.settle(child, after: poll, hasRoom: limit == .max || !room.isFull) }
        return .pending
      }
    }
  }

  /// How many elements a source is asked for.
  @inlinable
  func limit(of key: Int, _ room: Int) -> Int {
    switch policy {
    case .latest: room == 0 ? .max : room
    case .everyChange: missing == 0 ? room : hasElement[key] ? 0 : Swift.min(1, room)
    }
  }

  /// The first element of a source has come.
  @inlinable
  mutating func found(_ key: Int) {
    hasElement[key] = true
    missing &-= 1
    guard missing == 0, policy == .everyChange else { return }
    for column in columns where !column.isFinished { family.giveTurn(column.child) }
  }
}

/// Which changes `combineLatest` delivers when they are more than is asked for.
public enum ChangePolicy: Sendable {
  /// The newest: sources are consumed without demand, and older changes are given up.
  case latest
  /// Each of them: a source is asked for an element only when a change was asked for.
  case everyChange
}
