// All but the end of a flow.

extension Flow {
  /// Delivers all but the last `count` elements.
  ///
  ///     source       -a-b-c-d-|
  ///     dropLast(2)  -----a-b-|
  ///
  /// **Demand.** The `count` newest elements are held, on top of what is asked for: each is delivered when one comes
  /// that many behind it. **Completion.** Gives up what is held. **Failure.** The same.
  ///
  /// - Parameter count: zero or more; a negative number traps.
  @inlinable
  public func dropLast(_ count: Int = 1) -> Flow {
    precondition(count >= 0, "dropLast(\(count)): a flow has no negative number of elements")
    return Flow { context in
      let upstream = start(in: context)
      let held = Held<Element>(context)
      return { room in
        // As many as are missing, bounded so that the sum is.
        let missing = Swift.min(count &- held.count, Chunk<Element>.capacity)
        let asked = room.isFull ? 0 : missing &+ room.room
        let poll = held.fill(atMost: asked, from: upstream)
        held.drain(atMost: held.count &- count, into: &room)
        if case .finished = poll { held.discardAll(.policy) }
        return room.isFull && !poll.isTerminal ? .more : poll
      }
    }
  }
}
