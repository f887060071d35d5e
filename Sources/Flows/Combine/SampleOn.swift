// Looks at one flow whenever another one says something.

extension Flow {
  /// Delivers, whenever `other` says something, the latest element that has come since the last time; nothing when
  /// none has.
  ///
  ///     source      -a-b-c---d--|
  ///     other       ----s--s-s-s
  ///     sample(on)  ----b--c-d--|
  ///
  /// An element that comes in the moment of the other counts.
  ///
  /// **Demand.** Both are consumed without limit; only the latest element is held. A sample that is due and not asked
  /// for waits, and the next one replaces it. **Completion.** With this flow; that of `other` leaves nothing to deliver
  /// but, with `.deliver`, the last element. **Failure.** The first. Discards what waits.
  ///
  /// - Parameters:
  ///   - other: says when.
  ///   - remainder: what becomes of an element that waits for `other` when this flow completes.
  @inlinable
  public func sample<Other>(on other: Flow<Other>, atEnd remainder: SampleRemainder = .discard) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      var signal = Signal(other, in: context)
      let due = Held<Element>(context)
      let latest = Held<Element>(context)
      var ending = Poll.pending
      return { room in
        due.drain(into: &room)
        if !ending.isTerminal {
          ending = context.exhaust({ upstream.poll(&$0) }) { latest.replace(with: $0) }
          if case .failed = ending { return ending }
          if signal.hasCome(), let sample = latest.next() { due.deliver(sample, into: &room) }
          if let failure = signal.failure {
            upstream.end()
            return .failed(failure)
          }
          if case .finished = ending {
            signal.end()
            switch remainder {
            case .deliver: if let last = latest.next() { due.deliver(last, into: &room) }
            case .discard: latest.discardAll(.policy)
            }
          }
        }
        return due.isEmpty ? ending : .more
      }
    }
  }
}
