// The end of a flow.

extension Flow {
  /// Delivers the last `count` elements, when there is no further one.
  ///
  ///     source     -a-b-c|
  ///     suffix(2)  ------(bc|)
  ///
  /// **Demand.** The upstream is consumed without limit; the `count` newest elements are held, older ones are given
  /// up. **Failure.** Discards what is held.
  ///
  /// - Parameter count: zero or more; a negative number traps.
  @inlinable
  public func suffix(_ count: Int) -> Flow {
    precondition(count >= 0, "suffix(\(count)): a flow has no negative number of elements")
    return Flow { context in
      var upstream = Upstream(self, in: context)
      let held = Held<Element>(context)
      var ending = Poll.pending
      return { room in
        if !ending.isTerminal {
          ending = context.exhaust({ upstream.poll(&$0) }) { element in
            held.append(element)
            if held.count > count, let oldest = held.next() { context.discard(oldest, .policy) }
          }
        }
        guard case .finished = ending else { return ending }
        held.drain(into: &room)
        return held.isEmpty ? ending : .more
      }
    }
  }
}
