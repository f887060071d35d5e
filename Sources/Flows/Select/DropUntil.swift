// A flow without what comes before somebody else says something.

extension Flow {
  /// Drops elements until `other` has delivered one; delivers all after it.
  ///
  ///     source       -a-b-c-d-|
  ///     other        ----x
  ///     drop(until)  -----c-d-|
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream. `other` is asked for one
  /// element, and let go with it; when both have something, it goes first. **Completion.** With this flow; when `other`
  /// completes without an element, the rest is dropped. **Failure.** The first, that of `other` until it has delivered
  /// an element.
  @inlinable
  public func drop<Other>(untilOutputFrom other: Flow<Other>) -> Flow {
    Flow { context in
      var signal = Signal(other.prefix(1), in: context)
      let upstream = start(in: context)
      var hasBegun = false
      return { room in
        if !hasBegun {
          hasBegun = signal.hasCome()
          if let failure = signal.failure { return .failed(failure) }
        }
        let start = room.count
        let poll = upstream(&room)
        if !hasBegun { _ = room.drop(from: start, atMost: .max) }
        return poll
      }
    }
  }
}
