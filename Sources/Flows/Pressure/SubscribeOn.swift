// Moves the producer.

extension Flow {
  /// Starts, asks and polls everything upstream on `scheduler`.
  ///
  ///     source         -a-b-c-|
  ///     subscribe(on)  -a-b-c-|
  ///
  /// For work that must not be done where the flow is consumed: reading files, blocking calls. Consumers go along
  /// to `scheduler`, unless `receive(on:)` moves them elsewhere. Of two in one chain, the one nearer to the source
  /// places the source. Sources that are joined (`merge`, `flatMap` ...) may each have a place of their own.
  ///
  /// **Demand.** Upstream is asked for what was asked for here, on `scheduler`.
  public func subscribe(on scheduler: some FlowScheduler) -> Flow {
    Flow { context in
      guard case .settled = context.scope.settle(on: scheduler, .forProducers) else {
        return context.handOff(context.newRun(home: scheduler)) { start(in: $0) }
      }
      // Made by the first poll, which is there already.
      var upstream: Made<Element>?
      return { room in
        if let upstream { return upstream.stage(&room) }
        let made = Made(start(in: context))
        upstream = made
        return made.stage(&room)
      }
    }
  }
}
