// Eight sources of 125,000 numbers, summed.
import Flows

@inline(never) @_optimize(none)
private func addOpaquely(_ sum: inout Int, _ number: Int) { sum &+= number }

@inline(never)
private func byHand(_ sources: Int, _ count: Int) -> Int {
  var sum = 0
  for _ in 0..<sources { for number in 0..<count { addOpaquely(&sum, number) } }
  return sum
}

@inline(never)
private func merged(_ sources: Int, _ count: Int) async throws -> Int {
  try await Flow.merge((0..<sources).map { _ in Flow.from(0..<count) }).reduce(0, &+)
}

func merge(_ table: Table) async throws {
  let (sources, count) = (8, 125_000)
  try await table.compare(
    "merge", count: sources * count, target: 5, baseline: "hand loop, an opaque call per element",
    { byHand(sources, opaque(count)) }, { try await merged(sources, opaque(count)) })
}
