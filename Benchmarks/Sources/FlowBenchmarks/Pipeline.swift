// Range, map, filter, map, sum.
import Flows

@inline(never)
private func lazySequence(_ count: Int) -> Int {
  (0..<count).lazy.map { $0 &+ 1 }.filter { $0 & 1 == 0 }.map { $0 &* 3 }.reduce(0, &+)
}

@inline(never)
private func oneExpression(_ count: Int) async throws -> Int {
  try await Flow.from(0..<count).map { $0 &+ 1 }.filter { $0 & 1 == 0 }.map { $0 &* 3 }.reduce(0, &+)
}

// Every stage behind a boundary that the optimiser cannot see through.
@inline(never) private func source(_ count: Int) -> Flow<Int> { .from(0..<count) }
@inline(never) private func increment(_ flow: Flow<Int>) -> Flow<Int> { flow.map { $0 &+ 1 } }
@inline(never) private func even(_ flow: Flow<Int>) -> Flow<Int> { flow.filter { $0 & 1 == 0 } }
@inline(never) private func triple(_ flow: Flow<Int>) -> Flow<Int> { flow.map { $0 &* 3 } }
@inline(never) private func sum(_ flow: Flow<Int>) async throws -> Int { try await flow.reduce(0, &+) }

func pipeline(_ table: Table) async throws {
  let lazy = "lazy sequence"
  for (suffix, count) in [("", 1_000_000), ("@1e4", 10_000), ("@1e5", 100_000), ("@1e7", 10_000_000)] {
    let rounds = max(1, 1_000_000 / count)
    func repeated(_ body: (Int) async throws -> Int) async rethrows -> Int {
      var total = 0
      for _ in 0..<rounds { total &+= try await body(opaque(count)) }
      return total
    }
    try await table.compare(
      "pipeline\(suffix)", count: count * rounds, target: 1.5, baseline: lazy,
      { await repeated { lazySequence($0) } },
      { try await repeated { try await oneExpression($0) } })
    try await table.compare(
      "pipeline-unfused\(suffix)", count: count * rounds, target: 4, baseline: lazy,
      { await repeated { lazySequence($0) } },
      { try await repeated { try await sum(triple(even(increment(source($0))))) } })
  }
}

@inline(never)
private func stringsByHand(_ count: Int) -> Int {
  var sum = 0
  for number in 0..<count {
    let text = String(number)
    if text.utf8.count & 1 == 0 { sum &+= (text + "x").utf8.count }
  }
  return sum
}

@inline(never)
private func strings(_ count: Int) async throws -> Int {
  try await Flow.from(0..<count)
    .map { (number: Int) -> String in String(number) }
    .filter { (text: String) -> Bool in text.utf8.count & 1 == 0 }
    .map { (text: String) -> String in text + "x" }
    .reduce(0) { (sum: Int, text: String) -> Int in sum &+ text.utf8.count }
}

func pipelineString(_ table: Table) async throws {
  let count = 1_000_000
  try await table.compare(
    "pipeline-string", count: count, target: 1.3, baseline: "hand loop",
    { stringsByHand(opaque(count)) }, { try await strings(opaque(count)) })
}
