// Moves the consumer.

extension Flow {
  /// Moves everything downstream to `scheduler`: operators, callbacks, and what is woken there.
  ///
  ///     source       -a-b-c-|
  ///     receive(on)  -a-b-c-|
  ///
  /// Upstream stays where it is: it becomes a run of its own, driven by whoever wakes it or where `subscribe(on:)`
  /// says, and hands over what is there in batches. An async consumer is served there too, and takes the elements
  /// over in its own task. In a flow that is joined with others (`merge`, `flatMap` ...), everything up to the join
  /// is moved; what comes out of the join has a place of its own, and is delivered by whoever has an element for it
  /// unless another `receive(on:)` follows.
  ///
  /// **Demand.** Upstream is asked for what was asked for here. **Failure** comes after the elements that were
  /// handed over. **Cancellation** crosses at once.
  public func receive(on scheduler: some FlowScheduler) -> Flow { received(on: scheduler, ahead: nil) }

  /// Moves everything downstream to `scheduler`, and lets upstream be ahead. See ``receive(on:)``.
  ///
  ///     source               -a-b-c-|
  ///     receive(on, buffer)  -a-b-c-|
  ///
  /// **Demand.** With the first element that is asked for, upstream is asked for `capacity` elements, and again
  /// whenever three quarters of them are taken.
  ///
  /// - Parameters:
  ///   - scheduler: where everything downstream is to be.
  ///   - capacity: the most elements that wait between the two, at least 1; anything else traps.
  public func receive(on scheduler: some FlowScheduler, buffer capacity: Int) -> Flow {
    precondition(
      capacity > 0, "receive(on:buffer: \(capacity)): a buffer needs room for at least one element")
    return received(on: scheduler, ahead: capacity)
  }

  private func received(on scheduler: any FlowScheduler, ahead: Int?) -> Flow {
    Flow { context in
      var home: (any FlowScheduler)?
      if case .settled(let producers) = context.scope.settle(on: scheduler, .forConsumers) {
        home = producers
      }
      return context.handOff(context.newRun(home: home), ahead: ahead) { start(in: $0) }
    }
  }
}
