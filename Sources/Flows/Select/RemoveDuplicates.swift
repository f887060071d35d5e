// Without repetitions.

extension Flow {
  /// Drops elements that are the same as the one delivered before, in the eyes of `areSame`.
  ///
  ///     source                            -1-2-4-5-|
  ///     removeDuplicates { same parity }  -1-2---5-|
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream.
  /// **Failure.** An error thrown by `areSame` cancels upstream and fails the flow.
  ///
  /// - Parameter areSame: is handed the element that was delivered last, and the new one.
  @inlinable @inline(__always)
  public func removeDuplicates(
    by areSame: @escaping @Sendable (_ last: Element, _ new: Element) throws -> Bool
  ) -> Flow {
    Flow { context in
      let upstream = start(in: context)
      var delivered: Element?
      return { room in
        let start = room.count
        let poll = upstream(&room)
        // A local, so that it stays in a register.
        var last = delivered
        do {
          try room.keep(from: start) { element in
            if let last, try areSame(last, element) { return false }
            last = element
            return true
          } discard: {
            context.discard($0)
          }
        } catch {
          return .failed(error)
        }
        delivered = last
        return poll
      }
    }
  }
}

extension Flow where Element: Equatable {
  /// Drops elements that are equal to the one before.
  ///
  ///     source              -a-a-b-a-|
  ///     removeDuplicates()  -a---b-a-|
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream.
  @inlinable @inline(__always)
  public func removeDuplicates() -> Flow { removeDuplicates { $0 == $1 } }
}
