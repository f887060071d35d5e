// The laws of Time.
import FlowTesting
import Flows

enum TimeRows {
  static let all: [LawRow] = [
    .operator("debounce", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.debounce(for: .milliseconds(2))
    },
    .operator("throttle(leading)", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.throttle(for: .milliseconds(2), edges: .leading)
    },
    .operator("throttle(trailing)", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.throttle(for: .milliseconds(2), edges: .trailing)
    },
    .operator("throttle(both)", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.throttle(for: .milliseconds(2), edges: .both)
    },
    .operator("sample", asks: .withoutLimit, delivers: .someElements) { source, _ in
      source.sample(every: .milliseconds(2), atEnd: .deliver)
    },
    // One at a time, so many elements take longer than the laws wait.
    .operator("delay", failures: .overtaking, depth: .shallow) { source, _ in
      source.delay(for: .milliseconds(2))
    },
    .operator("timestamped") { source, _ in source.timestamped().map(\.element) },
    .operator("measureInterval", delivers: .someElements) { source, _ in source.measureInterval() },
    .operator("elapsed") { source, _ in source.elapsed().map(\.element) },
    // One at a time takes longer than the laws wait.
    .operator("pace", depth: .shallow) { source, _ in source.pace(every: .microseconds(100)) },
    .operator("keepAlive", delivers: .someElements) { source, law in
      source.keepAlive(every: .milliseconds(2)) { try law.call(0) }
    },
    .operator("deadline") { source, law in source.deadline(law.time.now.advanced(by: .seconds(1))) },
    .operator("delaySubscription") { source, _ in source.delaySubscription(for: .milliseconds(2)) },
    .operator("timeout") { source, _ in
      source.timeout(first: .seconds(1), idle: .seconds(1), total: .seconds(1))
    },
    .operator("timeout(switchTo:)", delivers: .someElements, failures: .handled) { source, _ in
      source.append(.never()).timeout(idle: .milliseconds(5), onTimeout: .switchTo(.from([7, 8])))
    },
  ]
}
