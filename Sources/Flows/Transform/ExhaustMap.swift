// A flow for an element, when none is running.

extension Flow {
  /// Delivers the elements of the flow that `transform` makes of an element; what comes while that flow runs is
  /// given up.
  ///
  ///     source      -a-b---c--|
  ///     a           1--23|
  ///     c           4-5|
  ///     exhaustMap  -1--23-4-5|
  ///
  /// **Demand.** Without a flow that runs, one element is asked for when something is asked for here; while one
  /// runs, the source is consumed without limit, so that nothing old is started when the flow is complete.
  /// **Completion.** When the source and its last flow are complete. **Failure.** Of the source or of the flow,
  /// and an error thrown by `transform`: cancels the other.
  @inlinable
  public func exhaustMap<Output>(
    _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    Flow<Output> { context in
      var upstream = Upstream(self, in: context)
      var present = Upstream<Output>(context)
      var ending = Poll.pending
      return { room in
        for _ in 0..<Poll.patience {
          let poll = present.isLive ? present.poll(&room) : .finished
          if case .failed = poll { return poll }
          if present.isLive {
            if upstream.isLive {
              ending = context.exhaust({ upstream.poll(&$0) }) { context.discard($0, .policy) }
            }
            if case .failed = ending { return ending }
            return poll
          }
          if !upstream.isLive { return ending }
          let next = Chunk<Element>.scratch(room.isFull ? 0 : 1) { input in
            ending = upstream.poll(&input)
            return input.next()
          }
          guard let next else { return room.isFull && !ending.isTerminal ? .more : ending }
          do { present.start(try transform(next)) } catch { return .failed(error) }
        }
        return .more
      }
    }
  }
}
