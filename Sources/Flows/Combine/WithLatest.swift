// Each element with the newest of another flow.

extension Flow {
  /// Delivers each element together with the newest one of `other`.
  ///
  ///     source      -1---2---3---|
  ///     other       --a----b--|
  ///     withLatest  -----x---y---|
  ///
  /// with x = (2, a) and y = (3, b).
  ///
  /// **Demand.** An element that comes before `other` has delivered any is given up, and made up for by another
  /// one. `other` is consumed without limit, only its newest element is kept; when both have something, it goes first.
  /// **Completion.** With this flow; when `other` completes, its last element stays. **Failure.** The first.
  @inlinable
  public func withLatest<Other>(from other: Flow<Other>) -> Flow<(Element, Other)> {
    Flow<(Element, Other)> { context in
      let upstream = start(in: context)
      var others = Upstream(other, in: context)
      let latest = LatestElement<Other>(context)
      return { room in
        if others.isLive {
          let poll = context.exhaust({ others.poll(&$0) }) { latest.replace(with: $0) }
          if case .failed = poll { return poll }
        }
        return Chunk<Element>.scratch(room.room) { input in
          let poll = upstream(&input)
          while let element = input.next() {
            if let other = latest.use() {
              room.append((element, other))
            } else {
              context.discard(element, .policy)
            }
          }
          return poll
        }
      }
    }
  }
}
