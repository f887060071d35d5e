// To and from `AsyncSequence`.
import Flows

/// Numbers that are there at once: the least that a stdlib `AsyncSequence` can be.
private struct Numbers: AsyncSequence, Sendable {
  struct Iterator: AsyncIteratorProtocol {
    var next = 0
    let end: Int
    mutating func next() async -> Int? {
      guard next < end else { return nil }
      defer { next += 1 }
      return next
    }
  }
  let count: Int
  func makeAsyncIterator() -> Iterator { Iterator(end: count) }
}

private func stream(_ count: Int) -> AsyncStream<Int> {
  AsyncStream { continuation in
    Task {
      for number in 0..<count { continuation.yield(number) }
      continuation.finish()
    }
  }
}

@inline(never) private func source(_ count: Int) -> Flow<Int> { .from(0..<count) }

private func sum(_ stream: AsyncStream<Int>) async -> Int {
  var sum = 0
  for await number in stream { sum &+= number }
  return sum
}

private func sum(_ flow: Flow<Int>) async throws -> Int {
  var sum = 0
  for try await number in flow.values { sum &+= number }
  return sum
}

@MainActor
private func sumOnMain(_ flow: Flow<Int>) async throws -> Int {
  var sum = 0
  for try await number in flow.values { sum &+= number }
  return sum
}

func values(_ table: Table) async throws {
  let count = 1_000_000
  try await table.compare(
    "values", count: count, samples: 5, target: 0.1, baseline: "stdlib AsyncStream",
    { await sum(stream(opaque(count))) }, { try await sum(source(opaque(count))) })
  try await table.compare(
    "values-main-actor", count: count, samples: 5, target: 2, baseline: "`values` off the main actor",
    { try await sum(source(opaque(count))) }, { try await sumOnMain(source(opaque(count))) })
}

func asyncIn(_ table: Table) async throws {
  let count = 1_000_000
  try await table.compare(
    "async-in", count: count, samples: 5, target: 0.2, baseline: "stdlib AsyncStream, task to task",
    { await sum(stream(opaque(count))) },
    { try await Flow.from(Numbers(count: opaque(count))).reduce(0, &+) })
}
