// No faster than so much.

extension Flow {
  /// Delivers elements no closer together than `interval`, and drops none.
  ///
  ///     source    -abc-----d-|
  ///     pace(3)   -a--b--c--d|
  ///
  /// **Demand.** One element is asked for at a time, and none before `interval` has passed since the one before: so what
  /// is too fast waits where it comes from. **Completion** and **Failure** at once.
  ///
  /// - Parameter interval: zero or more; a negative one traps.
  @inlinable
  public func pace(every interval: Duration) -> Flow {
    precondition(interval >= .zero, "pace(every: \(interval)): time does not run backwards")
    return Flow { context in
      let upstream = start(in: context)
      let slot = context.alarm()
      return { room in
        let isOpen = !slot.isSet || slot.isDue
        let before = room.count
        let poll = room.lend(atMost: isOpen ? 1 : 0) { upstream(&$0) }
        if poll.isTerminal {
          slot.clear()
          return poll
        }
        if room.count > before {
          slot.set(after: interval)
          return .more
        }
        if isOpen || room.isFull { return poll }
        return .pending
      }
    }
  }
}
