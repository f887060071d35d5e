// Only the newest of several flows.

extension Flow {
  /// Delivers the elements of the newest flow that has come; the one before is let go.
  ///
  ///     source          -a---b---|
  ///     a               1--2--3|
  ///     b               4--5|
  ///     switchToLatest  -1--24--5|
  ///
  /// **Demand.** Flows are consumed without limit: each takes the place of the one before, and of several that
  /// come at once only the last is started. It is asked for what was asked for here.
  /// **Completion.** When the source and its last flow are complete. **Failure.** Of the source or of the
  /// present flow: cancels the other.
  @inlinable
  public func switchToLatest<Output>() -> Flow<Output> where Element == Flow<Output> {
    Flow<Output> { context in
      var upstream = Upstream(self, in: context)
      var latest = Upstream<Output>(context)
      var ending = Poll.pending
      return { room in
        if upstream.isLive {
          var newest: Flow<Output>?
          ending = context.exhaust({ upstream.poll(&$0) }) { newest = $0 }
          if case .failed = ending { return ending }
          if let newest { latest.start(newest) }
        }
        guard latest.isLive else { return ending }
        let poll = latest.poll(&room)
        guard case .finished = poll else { return poll }
        return room.isFull && !ending.isTerminal ? .more : ending
      }
    }
  }

  /// Delivers the elements of the flow that `transform` makes of the newest element; the one before is let go.
  ///
  ///     source         -a---b---|
  ///     a              1--2--3|
  ///     b              4--5|
  ///     flatMapLatest  -1--24--5|
  ///
  /// The same as `map(transform).switchToLatest()`. **Failure.** Also an error thrown by `transform`.
  @inlinable
  public func flatMapLatest<Output>(
    _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    map(transform).switchToLatest()
  }
}
