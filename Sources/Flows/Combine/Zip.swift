// One element of each of several flows.

extension Flow {
  /// Delivers the first elements of this flow and of `other` together, then the second ones, and so on.
  ///
  ///     a    -1-2---3-|
  ///     b    ---a-b---|
  ///     zip  ---x-y---|
  ///
  /// with x = (1, a) and y = (2, b).
  ///
  /// **Demand.** Each flow is asked for as many elements as were asked for here, without those that wait for
  /// their fellows. **Completion.** As soon as a flow is complete of which nothing waits: the others are
  /// cancelled, and what waits of them is discarded. **Failure.** The first, behind what is together already.
  @inlinable
  public func zip<Other>(_ other: Flow<Other>) -> Flow<(Element, Other)> {
    // Beside the form for any number, because the compiler finds no `.1` in the middle of an expression in a
    // tuple that ends with a pack, and does not specialise packs: a row of two costs 140 ns there, 11 here.
    Flow<(Element, Other)> { context in
      let rounds = Cell(Rounds(context))
      let mine = Held<Element>(context)
      let others = Held<Other>(context)
      rounds.value.add(self, mine)
      rounds.value.add(other, others)
      return { room in rounds.value.poll(&room) { (mine.next()!, others.next()!) } }
    }
  }

  /// Delivers the first elements of this flow and of all `others` together, then the second ones, and so on. See
  /// ``zip(_:)``.
  @inlinable
  public func zip<each Other: Sendable>(
    _ others: repeat Flow<each Other>
  ) -> Flow<(Element, repeat each Other)> {
    .zip(self, repeat each others)
  }

  /// Delivers the first elements of all `flows` together, then the second ones, and so on. See ``zip(_:)``.
  @inlinable
  public static func zip<each Part: Sendable>(
    _ flows: repeat Flow<each Part>
  ) -> Flow<(repeat each Part)> where Element == (repeat each Part) {
    Flow { context in
      let rounds = Cell(Rounds(context))
      let waiting = (repeat Held<each Part>(context))
      for (flow, held) in repeat (each flows, each waiting) { rounds.value.add(flow, held) }
      return { room in rounds.value.poll(&room) { (repeat (each waiting).next()!) } }
    }
  }

  /// Delivers arrays of the first elements of all `flows`, then of the second ones, and so on. See ``zip(_:)``.
  /// When there are none, completes.
  @inlinable
  public static func zip<Part>(_ flows: [Flow<Part>]) -> Flow where Element == [Part] {
    Flow { context in
      let rounds = Cell(Rounds(context))
      let waiting = flows.map { _ in Held<Part>(context) }
      for (flow, held) in Swift.zip(flows, waiting) { rounds.value.add(flow, held) }
      return { room in rounds.value.poll(&room) { waiting.map { $0.next()! } } }
    }
  }
}
