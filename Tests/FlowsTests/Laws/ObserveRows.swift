// The laws of Observe.
import FlowTesting
import Flows

enum ObserveRows {
  static let all: [LawRow] = [
    .operator("scheduler") { source, _ in source.scheduler(VirtualTime()) }
  ]
}
