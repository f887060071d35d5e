// A chain with places where it could be traced, and is not, against the same chain without.
import Flows

// Every stage behind a boundary that the optimiser cannot see through.
@inline(never) private func source(_ count: Int) -> Flow<Int> { .from(0..<count) }
@inline(never) private func increment(_ flow: Flow<Int>) -> Flow<Int> { flow.map { $0 &+ 1 } }
@inline(never) private func even(_ flow: Flow<Int>) -> Flow<Int> { flow.filter { $0 & 1 == 0 } }
@inline(never) private func sum(_ flow: Flow<Int>) async throws -> Int { try await flow.reduce(0, &+) }
@inline(never) private func traced(_ flow: Flow<Int>, _ name: String, _ report: TraceReport?) -> Flow<Int> {
  flow.trace(name, into: report)
}

@inline(never) private func noReport() -> TraceReport? { nil }

func traceOff(_ table: Table) async throws {
  let count = 1_000_000
  try await table.compare(
    "trace-off", count: count, target: 1.05, baseline: "the chain without",
    { try await sum(even(increment(source(opaque(count))))) },
    {
      let report = noReport()
      let numbers = traced(source(opaque(count)), "source", report)
      return try await sum(traced(even(traced(increment(numbers), "incremented", report)), "even", report))
    })
}
