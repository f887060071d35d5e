// Task-local values of a subscriber, put around what is run for it.

/// Puts values around a piece of work.
typealias Around = @Sendable (() -> Void) -> Void

extension FlowContext {
  /// The context of what stands upstream of values that `around` puts around it.
  func carrying(_ around: @escaping Around) -> FlowContext {
    with { values in
      guard let outer = values.taskValues else { return values.taskValues = around }
      values.taskValues = { body in outer { around(body) } }
    }
  }

  /// `action` with the subscriber's task-local values around it.
  func carried<each Argument>(
    _ action: @escaping @Sendable (repeat each Argument) -> Void
  ) -> @Sendable (repeat each Argument) -> Void {
    guard let around = environment.taskValues else { return action }
    return { (argument: repeat each Argument) in around { action(repeat each argument) } }
  }
}
