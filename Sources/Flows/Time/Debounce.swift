// Waits until the upstream is quiet.

extension Flow {
  /// Delivers an element when no other has followed it for `interval`.
  ///
  ///     source       -a-b-c------d|
  ///     debounce(3)  --------c---(d|)
  ///
  /// **Demand.** The upstream is consumed without limit; only the latest element is held. When it is due and
  /// nothing is asked for, it waits, and a newer one replaces it.
  /// **Completion.** Delivers the element that is held at once, however young. **Failure.** Discards it.
  @inlinable
  public func debounce(for interval: Duration) -> Flow {
    Flow { context in
      let upstream = start(in: context)
      let quiet = context.alarm()
      let latest = Held<Element>(context)
      var ending = Poll.pending
      return { room in
        if !ending.isTerminal {
          ending = context.exhaust(upstream) { element in
            latest.replace(with: element)
            quiet.set(after: interval)
          }
        }
        switch ending {
        case .failed: return ending
        case .finished: latest.drain(into: &room)
        case .pending, .more: if quiet.isDue { latest.drain(into: &room) }
        }
        if latest.isEmpty {
          quiet.clear()
          return ending
        }
        return .pending
      }
    }
  }
}
