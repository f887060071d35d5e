// The beginning of a flow, as long as it satisfies a condition.

extension Flow {
  /// Delivers elements until one does not satisfy `predicate`, and completes.
  ///
  ///     source              -1-2-(3!)
  ///     prefix { below 3 }  -1-2-|
  ///
  /// **Demand.** Upstream is asked for one element at a time, so that nothing behind the last is computed for
  /// naught. **Completion.** Upstream is let go before the end is passed on. **Failure.** An error thrown by
  /// `predicate` cancels upstream and fails the flow.
  ///
  /// - Parameters:
  ///   - predicate: whether the flow goes on.
  ///   - inclusive: whether the element that ends the flow is delivered too, as the last one.
  @inlinable @inline(__always)
  public func prefix(
    while predicate: @escaping @Sendable (Element) throws -> Bool, inclusive: Bool = false
  ) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      return { room in
        while true {
          let start = room.count
          let poll = room.lend(atMost: 1) { upstream.poll(&$0) }
          var goesOn = true
          do {
            try room.keep(from: start) { element in
              goesOn = try predicate(element)
              return goesOn || inclusive
            } discard: {
              context.discard($0)
            }
          } catch {
            upstream.end()
            return .failed(error)
          }
          if !goesOn {
            upstream.end()
            return .finished
          }
          // When nothing came, the driver asks again.
          guard poll.asksAgain, !room.isFull, room.count > start else { return poll }
        }
      }
    }
  }
}
