// One flow opens and closes another.

extension Flow {
  /// Delivers elements while the last that `gate` has said is `true`.
  ///
  ///     source  -a-b-c-d-e--------|
  ///     open    t--f-------t----
  ///     gate    -a---------(bcde)-|
  ///
  /// with `true` for t and `false` for f. Closed until `gate` says something.
  ///
  /// **Demand.** While the gate is closed, nothing is asked of this flow, and nothing is held here. `gate` is consumed
  /// without limit; when both have something, it goes first. **Completion.** With this flow, also while the gate is
  /// closed; and with `gate`, when that is closed for ever. **Failure.** The first.
  @inlinable
  public func gate(by gate: Flow<Bool>) -> Flow {
    Flow { context in
      var signal = Signal(gate, in: context)
      var upstream = Upstream(self, in: context)
      var isOpen = false
      return { room in
        _ = signal.hasCome { isOpen = $0 }
        if let failure = signal.failure {
          upstream.end()
          return .failed(failure)
        }
        if isOpen { return upstream.poll(&room) }
        if signal.isOver {
          upstream.end()
          return .finished
        }
        let poll = room.lend(atMost: 0) { upstream.poll(&$0) }
        return poll.isTerminal ? poll : room.isFull ? .more : .pending
      }
    }
  }
}
