// A run whose elements go to somebody who keeps them for others.

/// A run of its own for a flow that whoever starts it shares with others: what it delivers goes into a target, which
/// says how much it takes. It has the time, the place and the values of the run in which it was made, and outlives it.
package struct Feeder: Sendable {
  private let run: Run

  package init(in context: FlowContext) { run = context.newRun() }

  /// Begins, once. The target is told of the end when all that the run owned has been let go, unless it was cancelled.
  package func start<Target: Asked>(_ flow: Flow<Target.Element>, into target: Target) {
    run.push(into: target) { flow.start(in: $0) }
  }

  /// The target takes more than it has said.
  package func wake() { run.wake() }

  /// Ends the run. Any thread, any number of times.
  package func cancel() { run.cancel() }
}
