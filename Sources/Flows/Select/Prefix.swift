// The beginning of a flow.

extension Flow {
  /// Delivers the first `count` elements and completes with the last of them.
  ///
  ///     source     -a-(b!)
  ///     prefix(2)  -a-(b|)
  ///
  /// **Demand.** Upstream is asked for no more than `count` elements in all. **Completion.** Upstream is let go
  /// before the last element is passed on; `prefix(0)` completes without starting it.
  ///
  /// - Parameter count: zero or more; a negative number traps.
  @inlinable @inline(__always)
  public func prefix(_ count: Int) -> Flow {
    precondition(count >= 0, "prefix(\(count)): a flow has no negative number of elements")
    return Flow { context in
      if count == 0 { return { _ in .finished } }
      var left = count
      var upstream = Upstream(self, in: context)
      return { room in
        let start = room.count
        let poll = room.lend(atMost: left) { upstream.poll(&$0) }
        left &-= room.count &- start
        if left > 0 { return poll }
        upstream.end()
        return .finished
      }
    }
  }
}
