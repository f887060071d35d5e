// Whose time it is.

extension Flow {
  /// Runs everything upstream in the time and place of `scheduler`: deadlines, delays, and the tasks of
  /// asynchronous closures.
  ///
  ///     source            -a-b-|
  ///     scheduler(clock)  -a-b-|
  ///
  /// It is set once, at the end of a chain. Where it is set twice, the one nearer to an operator counts.
  public func scheduler(_ scheduler: any FlowScheduler) -> Flow {
    seeing { $0.scheduler = scheduler }
  }
}
