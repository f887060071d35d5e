// All but the beginning of a flow.

extension Flow {
  /// Delivers all but the first `count` elements.
  ///
  ///     source        -a-b-c-d-|
  ///     dropFirst(2)  -----c-d-|
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream.
  ///
  /// - Parameter count: zero or more; a negative number traps.
  @inlinable @inline(__always)
  public func dropFirst(_ count: Int = 1) -> Flow {
    precondition(count >= 0, "dropFirst(\(count)): a flow has no negative number of elements")
    return Flow { context in
      let upstream = start(in: context)
      var left = count
      return { room in
        let start = room.count
        let poll = upstream(&room)
        if left > 0 { left &-= room.drop(from: start, atMost: left) }
        return poll
      }
    }
  }
}
