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
  /// handed over, unless `errors` says otherwise. **Cancellation** crosses at once.
  ///
  /// - Parameters:
  ///   - scheduler: where everything downstream is to be.
  ///   - errors: whether a failure waits for the elements that wait between the two.
  public func receive(on scheduler: some FlowScheduler, errors: ErrorOrder = .afterElements) -> Flow {
    received(on: scheduler, ahead: nil, errors)
  }

  /// Moves everything downstream to `scheduler`, and lets upstream be ahead. See ``receive(on:errors:)``.
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
  ///   - errors: whether a failure waits for those.
  public func receive(
    on scheduler: some FlowScheduler, buffer capacity: Int, errors: ErrorOrder = .afterElements
  ) -> Flow {
    precondition(
      capacity > 0, "receive(on:buffer: \(capacity)): a buffer needs room for at least one element")
    return received(on: scheduler, ahead: capacity, errors)
  }

  private func received(on scheduler: any FlowScheduler, ahead: Int?, _ errors: ErrorOrder) -> Flow {
    Flow { context in
      var home: (any FlowScheduler)?
      if case .settled(let producers) = context.scope.settle(on: scheduler, .forConsumers) {
        home = producers
      }
      return context.handOff(context.newRun(home: home), ahead: ahead, errors) { start(in: $0) }
    }
  }
}

/// Where a failure stands among the elements that came before it.
public enum ErrorOrder: Sendable, Equatable {
  /// Behind them.
  case afterElements
  /// Before those that wait to be taken, which are discarded: for a consumer to whom they are of no use any more.
  case immediate
}
