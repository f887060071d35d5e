// Fewer, larger requests.

extension Flow {
  /// Asks upstream for `high` elements at a time, and for as many as are missing from that whenever no more than `low`
  /// of them are left.
  ///
  ///     source             -abcdef-------|
  ///     rebatch(4, low 1)  -a---(bcd)(ef)|
  ///     demand             1----3----*
  ///     asked source       4----4
  ///
  /// For a source to which a request is dear: a page of a database, a message to another machine.
  ///
  /// **Demand.** Nothing before the first element is asked for here; from then on upstream is ahead by up to `high`
  /// elements. **Completion** and **Failure** come after the elements that wait.
  ///
  /// - Parameters:
  ///   - high: the most elements that wait, or have been asked for and have not come.
  ///   - low: how many of them are left when upstream is asked again: at least 0, and less than `high`; anything else
  ///     traps.
  public func rebatch(high: Int, low: Int) -> Flow {
    precondition(
      low >= 0 && high > low,
      "rebatch(high: \(high), low: \(low)): the low mark is below the high one, and no less than 0")
    return Flow { context in
      let upstream = start(in: context)
      let waiting = Held<Element>(context)
      var gauge = context.gauge(capacity: high)
      var ending = Poll.more
      var isOpen = false
      // Asked for, and not come.
      var outstanding = 0
      return { room in
        defer { gauge?.set(waiting.count) }
        if !room.isFull { isOpen = true }
        for _ in 0..<Poll.patience {
          waiting.drain(into: &room)
          if ending.isTerminal { break }
          if isOpen, waiting.count + outstanding <= low { outstanding = high - waiting.count }
          let (asked, before) = (outstanding, waiting.count)
          ending = waiting.fill(atMost: asked, from: upstream)
          outstanding -= waiting.count - before
          waiting.drain(into: &room)
          let isSated = room.isFull && outstanding == 0 && waiting.count > low
          if ending.isTerminal || !ending.asksAgain || isSated || asked == 0 {
            return waiting.isEmpty ? ending : .more
          }
        }
        if ending.isTerminal { return waiting.isEmpty ? ending : .more }
        // It is ahead without demand.
        context.scope.wake()
        return .more
      }
    }
  }
}
