// Waits until the upstream is quiet.

extension Flow {
  /// Delivers an element when no other has followed it for `interval`.
  ///
  ///     source       -a-b-c------d|
  ///     debounce(3)  --------c----(d|)
  ///
  /// **Demand.** The upstream is consumed without limit; only the latest element is held. When it is due and
  /// nothing is asked for, it waits, and a newer one replaces it.
  /// **Completion.** Delivers the element that is held at once, however young. **Failure.** Discards it.
  ///
  /// - Parameter interval: zero or more; a negative one traps.
  @inlinable
  public func debounce(for interval: Duration) -> Flow {
    precondition(interval >= .zero, "debounce(for: \(interval)): time does not run backwards")
    return Flow { context in
      let upstream = start(in: context)
      let quiet = context.alarm()
      let latest = Held<Element>(context)
      var ending = Poll.pending
      return { room in
        if !ending.isTerminal {
          ending = context.exhaust(
            upstream,
            chunks: { elements in
              while let element = elements.next() { latest.replace(with: element) }
              quiet.set(after: interval)
              return true
            })
        }
        switch ending {
        case .pending, .more: if !quiet.isDue { return .pending }
        case .finished: quiet.clear()
        case .failed:
          quiet.clear()
          return ending
        }
        latest.drain(into: &room)
        // What is due waits for room; what is delivered leaves the alarm without a purpose.
        if !latest.isEmpty { return .more }
        quiet.clear()
        return ending
      }
    }
  }
}
