// The newest element of each of several flows.

extension Flow {
  /// Delivers the newest elements of this flow and of `others` together, whenever one of them changes.
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
      var changes = Changes(context, policy)
      let newest = (repeat LatestElement<each Part>(context))
      for (flow, latest) in repeat (each flows, each newest) { changes.add(flow, latest) }
      return { room in changes.poll(&room) { (repeat (each newest).use()!) } }
    }
  }

  /// Delivers arrays of the newest elements of all `flows`, whenever one of them changes. See
  /// ``combineLatest(_:backpressure:)``. When there are none, completes.
  @inlinable
  public static func combineLatest<Part>(
    _ flows: [Flow<Part>], backpressure policy: ChangePolicy = .latest
  ) -> Flow where Element == [Part] {
    Flow { context in
      var changes = Changes(context, policy)
      let newest = flows.map { _ in LatestElement<Part>(context) }
      for (flow, latest) in Swift.zip(flows, newest) { changes.add(flow, latest) }
      return { room in changes.poll(&room) { newest.map { $0.use()! } } }
    }
  }
}
