// A flow without the elements that it begins with.

extension Flow {
  /// Drops elements until one does not satisfy `predicate`; delivers that and all after it.
  ///
  ///     source            -1-2-3-1-|
  ///     drop { below 3 }  -----3-1-|
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream.
  /// **Failure.** An error thrown by `predicate` cancels upstream and fails the flow.
  @inlinable @inline(__always)
  public func drop(while predicate: @escaping @Sendable (Element) throws -> Bool) -> Flow {
    Flow { context in
      let upstream = start(in: context)
      var hasBegun = false
      return { room in
        let start = room.count
        let poll = upstream(&room)
        if hasBegun { return poll }
        do {
          try room.keep(from: start) { element in
            if !hasBegun { hasBegun = try !predicate(element) }
            return hasBegun
          } discard: {
            context.discard($0)
          }
          return poll
        } catch {
          return .failed(error)
        }
      }
    }
  }
}
