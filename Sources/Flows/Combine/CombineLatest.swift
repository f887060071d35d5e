// The newest element of each of several flows.

extension Flow {
  /// Delivers the newest elements of this flow and of `other` together, whenever one of them changes.
  ///
  ///     a              -1-----2---|
  ///     b              ---a-b---|
  ///     combineLatest  ---x-y-z---|
  ///
  /// with x = (1, a), y = (1, b) and z = (2, b).
  ///
  /// **Demand.** Each flow is consumed without limit, and its newest element is kept. While something is asked
  /// for every change is delivered; what changes without demand makes one row, of the newest, when there is
  /// demand again. With `.everyChange` each flow is asked for no more than was asked for here, and waits with
  /// its first element for those of the others, so that none is given up.
  /// **Completion.** When all flows are complete, or one is that has delivered nothing: there will be no row.
  /// **Failure.** The first one; a row that waits for demand is discarded.
  @inlinable
  public func combineLatest<Other>(
    _ other: Flow<Other>, backpressure policy: ChangePolicy = .latest
  ) -> Flow<(Element, Other)> {
    // Beside the form for any number for the reasons of `zip`.
    Flow<(Element, Other)> { context in
      let changes = Cell(Changes(context, policy))
      let mine = LatestElement<Element>(context)
      let others = LatestElement<Other>(context)
      changes.value.add(self, mine)
      changes.value.add(other, others)
      return { room in changes.value.poll(&room) { (mine.use()!, others.use()!) } }
    }
  }

  /// Delivers the newest elements of this flow and of all `others` together, whenever one of them changes. See
  /// ``combineLatest(_:backpressure:)``.
  @inlinable
  public func combineLatest<each Other: Sendable>(
    _ others: repeat Flow<each Other>, backpressure policy: ChangePolicy = .latest
  ) -> Flow<(Element, repeat each Other)> {
    .combineLatest(self, repeat each others, backpressure: policy)
  }

  /// Delivers the newest elements of all `flows` together, whenever one of them changes. See
  /// ``combineLatest(_:backpressure:)``.
  @inlinable
  public static func combineLatest<each Part: Sendable>(
    _ flows: repeat Flow<each Part>, backpressure policy: ChangePolicy = .latest
  ) -> Flow<(repeat each Part)> where Element == (repeat each Part) {
    Flow { context in
      let changes = Cell(Changes(context, policy))
      let newest = (repeat LatestElement<each Part>(context))
      for (flow, latest) in repeat (each flows, each newest) { changes.value.add(flow, latest) }
      return { room in changes.value.poll(&room) { (repeat (each newest).use()!) } }
    }
  }

  /// Delivers arrays of the newest elements of all `flows`, whenever one of them changes. See
  /// ``combineLatest(_:backpressure:)``. When there are none, completes.
  @inlinable
  public static func combineLatest<Part>(
    _ flows: [Flow<Part>], backpressure policy: ChangePolicy = .latest
  ) -> Flow where Element == [Part] {
    Flow { context in
      let changes = Cell(Changes(context, policy))
      let newest = flows.map { _ in LatestElement<Part>(context) }
      for (flow, latest) in Swift.zip(flows, newest) { changes.value.add(flow, latest) }
      return { room in changes.value.poll(&room) { newest.map { $0.use()! } } }
    }
  }
}
