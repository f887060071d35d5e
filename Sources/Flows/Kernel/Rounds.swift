// One element from each source, round by round.

/// The stage of `zip`: each source is asked for as many elements as rounds were asked for, and what it delivers
/// waits for its fellows. No more waits than there is room for rounds.
@usableFromInline
struct Rounds {
  @usableFromInline let family: Family
  @usableFromInline var columns: [Column] = []
  /// So many elements of each source are waiting or were asked for.
  @usableFromInline var covered = 0
  /// So many sources have nothing that waits.
  @usableFromInline var empty = 0
  /// A source is complete, and nothing of it waits.
  @usableFromInline var isOver = false

  @inlinable
  init(_ context: FlowContext) { family = Family(context) }

  @inlinable
  mutating func add<Element>(_ flow: Flow<Element>, _ held: Held<Element>) {
    columns.append(Column(flow, family.add(key: columns.count), held))
    empty &+= 1
  }

  /// Fills the room with rows, which `row` makes of one element of each source.
  @inlinable
  mutating func poll<Row>(_ room: inout Chunk<Row>, _ row: () -> Row) -> Poll {
    if columns.isEmpty { return .finished }
    if room.room > covered {
      for column in columns where !column.isFinished { family.giveTurn(column.child) }
    }
    covered = room.room
    var polls = 0
    while polls < Poll.patience, let child = family.next(hasRoom: !room.isFull) {
      polls &+= 1
      let failure = collect(from: child, wanted: room.room)
      if empty == 0 { fill(&room, row) }
      if let failure { return failure }
      if isOver { return .finished }
    }
    return family.answer(hasRoom: !room.isFull)
  }

  /// The answer is a failure.
  @inlinable
  mutating func collect(from child: Child, wanted: Int) -> Poll? {
    let before = columns[child.key].count()
    let poll = columns[child.key].ask(wanted &- before)
    let after = columns[child.key].count()
    if before == 0, after > 0 { empty &-= 1 }
    switch poll {
    case .more, .pending:
      // One that has delivered all that was wanted is asked again when more rounds are.
      if after < wanted { family.settle(child, after: poll, hasRoom: true) }
      return nil
    case .finished:
      columns[child.key].isFinished = true
      if after == 0 { isOver = true }
      return nil
    case .failed:
      return poll
    }
  }

  @inlinable
  mutating func fill<Row>(_ room: inout Chunk<Row>, _ row: () -> Row) {
    var rounds = room.room
    for column in columns { rounds = Swift.min(rounds, column.count()) }
    for _ in 0..<rounds { room.append(row()) }
    covered &-= rounds
    for column in columns where column.count() == 0 {
      empty &+= 1
      if column.isFinished { isOver = true }
    }
  }
}
