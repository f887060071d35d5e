// The beginning of a flow, until somebody else says something.

extension Flow {
  /// Delivers elements until `other` delivers one, and completes.
  ///
  ///     source         -a-b-c-d-|
  ///     other          ------x
  ///     prefix(until)  -a-b-c|
  ///
  /// **Demand.** `other` is asked for one element; when both have something, it goes first. **Completion.** With this
  /// flow, too. When `other` completes without an element, nothing happens. Both are let go before the end is passed
  /// on. **Failure.** The first.
  @inlinable
  public func prefix<Other>(untilOutputFrom other: Flow<Other>) -> Flow {
    Flow { context in
      var signal = Signal(other.prefix(1), in: context)
      var upstream = Upstream(self, in: context)
      return { room in
        let isOver = signal.hasCome()
        if isOver || signal.failure != nil { upstream.end() }
        if isOver { return .finished }
        if let failure = signal.failure { return .failed(failure) }
        return upstream.poll(&room)
      }
    }
  }
}
