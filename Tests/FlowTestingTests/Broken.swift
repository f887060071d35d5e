// Operators that break a rule, to see that it is noticed.
import FlowTesting
import Flows

enum Broken {
  /// Ends at once, and leaves its source to a run of its own.
  static func leavesItsSource<Element>(_ source: Flow<Element>) -> Flow<Element> {
    Flow { _ in
      source.subscribe { _ in }.detach()
      return { _ in .finished }
    }
  }
}
