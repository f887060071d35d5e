// Ten thousand live streams, one token to each in turn.
import Flows

/// What a careful programmer writes by hand: four closures, and a deadline that is only moved, not rescheduled.
private final class ByHand {
  let increment: (Int) -> Int
  let isIncluded: (Int) -> Bool
  let add: (Int, Int) -> Int
  let sink: (Int) -> Void
  var sum = 0
  var deadline = ContinuousClock.now

  init(
    _ increment: @escaping (Int) -> Int, _ isIncluded: @escaping (Int) -> Bool,
    _ add: @escaping (Int, Int) -> Int, _ sink: @escaping (Int) -> Void
  ) {
    self.increment = increment
    self.isIncluded = isIncluded
    self.add = add
    self.sink = sink
  }

  @inline(never)
  func receive(_ token: Int) {
    deadline = ContinuousClock.now + .seconds(30)
    let next = increment(token)
    guard isIncluded(next) else { return }
    sum = add(sum, next)
    sink(sum)
  }
}

private final class Total: @unchecked Sendable {
  // One thread drives all the streams of this benchmark.
  var sum = 0
}

@inline(never)
private func streamsByHand(_ streams: Int, _ total: Total) -> [ByHand] {
  (0..<streams).map { _ in
    ByHand({ $0 &+ 1 }, { $0 & 1 == 0 }, { $0 &+ $1 }, { total.sum &+= $0 })
  }
}

private struct LiveFlow {
  let emitter: FlowEmitter<Int>
  let subscription: FlowSubscription
}

/// Carries the emitter out of the closure that is handed it.
private final class Held: @unchecked Sendable {
  // Written and read on one thread, while the flow is started.
  var emitter: FlowEmitter<Int>?
}

@inline(never)
private func liveFlows(_ streams: Int, _ total: Total) -> [LiveFlow] {
  (0..<streams).map { _ in
    let held = Held()
    let subscription = Flow<Int>.create(buffer: 16, whenFull: .fail) { held.emitter = $0 }
      .map { $0 &+ 1 }
      .filter { $0 & 1 == 0 }
      .scan(0) { $0 &+ $1 }
      .timeout(idle: .seconds(30))
      .subscribe { total.sum &+= $0 }
    return LiveFlow(emitter: held.emitter!, subscription: subscription)
  }
}

func live(_ table: Table) async throws {
  let tokens = 100
  for (suffix, streams) in [("", 10_000), ("@1e2", 100), ("@1e3", 1_000), ("@1e5", 100_000)] {
    guard table.wants("live\(suffix)") else { continue }
    let total = Total()
    let before = heapBytes()
    let hand = streamsByHand(streams, total)
    let handBytes = heapBytes() - before
    let flows = liveFlows(streams, total)
    let flowBytes = heapBytes() - before - handBytes
    func run(_ body: (Int) -> Void) -> Int {
      total.sum = 0
      for token in 0..<tokens { body(token) }
      return total.sum
    }
    // Sums go on where they stood: both sides handle the same tokens in the same order.
    await table.compare(
      "live\(suffix)", per: "token", count: streams * tokens, samples: streams > 10_000 ? 3 : 9, target: 4,
      baseline: "a class with four closures and a lazy deadline",
      { run { token in for stream in hand { stream.receive(token) } } },
      { run { token in for flow in flows { flow.emitter.yield(token) } } })
    if suffix.isEmpty {
      table.add(
        Row(
          name: "live-memory", unit: "bytes/stream", value: Double(flowBytes) / Double(streams),
          minimum: Double(flowBytes) / Double(streams), baseline: "the same class",
          baselineValue: Double(handBytes) / Double(streams), target: nil))
    }
  }
}
