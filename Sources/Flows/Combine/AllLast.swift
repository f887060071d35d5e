// The last element of each of several flows.

extension Flow {
  /// Delivers the last elements of all `flows` together, when all of them are complete.
  ///
  ///     a        -1-2-|
  ///     b        ---a-b---|
  ///     allLast  ---------(x|)
  ///
  /// with x = (2, b): the answers of calls that are made at the same time.
  ///
  /// **Demand.** Each flow is consumed without limit, and its newest element is kept.
  /// **Completion.** Also as soon as one completes that has delivered nothing: there will be no row.
  /// **Failure.** The first one cancels the others.
  @inlinable
  public static func allLast<each Part: Sendable>(
    _ flows: repeat Flow<each Part>
  ) -> Flow<(repeat each Part)> where Element == (repeat each Part) {
    Flow { context in
      let changes = Cell(Changes(context, .latest))
      let newest = (repeat LatestElement<each Part>(context))
      for (flow, latest) in repeat (each flows, each newest) { changes.value.add(flow, latest) }
      return { room in changes.value.pollForLast(&room, in: context) { (repeat (each newest).use()!) } }
    }
  }

  /// Delivers an array of the last elements of all `flows`, when all of them are complete. See ``allLast(_:)``. When
  /// there are none, completes.
  @inlinable
  public static func allLast<Part>(_ flows: [Flow<Part>]) -> Flow where Element == [Part] {
    Flow { context in
      let changes = Cell(Changes(context, .latest))
      let newest = flows.map { _ in LatestElement<Part>(context) }
      for (flow, latest) in Swift.zip(flows, newest) { changes.value.add(flow, latest) }
      return { room in changes.value.pollForLast(&room, in: context) { newest.map { $0.use()! } } }
    }
  }
}

extension Changes {
  /// Delivers the row of the last elements, and nothing before.
  @inlinable
  mutating func pollForLast<Row>(
    _ room: inout Chunk<Row>, in context: FlowContext, _ row: () -> Row
  ) -> Poll {
    if columns.isEmpty { return .finished }
    var polls = 0
    while polls < Poll.patience, let child = family.next(hasRoom: true) {
      polls &+= 1
      let key = child.key
      let poll = columns[key].ask(.max)
      while advance[key]() { hasElement[key] = true }
      switch poll {
      case .failed: return poll
      case .finished:
        // Without an element of this source there will never be a row.
        if !hasElement[key] { return .finished }
        live &-= 1
      case .more, .pending: family.settle(child, after: poll, hasRoom: true)
      }
    }
    if live > 0 { return family.answer(hasRoom: true).asksAgain ? context.pollAgain() : .pending }
    if room.isFull { return .more }
    room.append(row())
    return .finished
  }
}
