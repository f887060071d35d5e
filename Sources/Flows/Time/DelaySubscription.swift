// A late start.

extension Flow {
  /// Starts the flow `interval` after the start of the run.
  ///
  ///     source                -a-b-|
  ///     delaySubscription(2)  ---a-b-|
  ///
  /// - Parameter interval: zero or more; a negative one traps.
  @inlinable
  public func delaySubscription(for interval: Duration) -> Flow {
    precondition(interval >= .zero, "delaySubscription(for: \(interval)): time does not run backwards")
    return Flow { context in
      let alarm = context.alarm()
      alarm.set(after: interval)
      var upstream = Upstream<Element>(context)
      var hasStarted = false
      return { room in
        if !hasStarted {
          guard alarm.isDue else { return .pending }
          alarm.clear()
          hasStarted = true
          upstream.start(self)
        }
        return upstream.poll(&room)
      }
    }
  }
}
