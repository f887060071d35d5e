// Make, run and finish a three-stage flow of one element, a million times.
import Flows

/// One element, then the end: the least that a stdlib `AsyncSequence` can be.
private struct One: AsyncSequence, Sendable {
  struct Iterator: AsyncIteratorProtocol {
    var element: Int?
    mutating func next() async -> Int? {
      defer { element = nil }
      return element
    }
  }
  let element: Int
  func makeAsyncIterator() -> Iterator { Iterator(element: element) }
}

@inline(never)
private func stdlib(_ element: Int) async -> Int {
  var sum = 0
  for await value in One(element: element).map({ $0 &+ 1 }).filter({ $0 & 1 == 0 }).map({ $0 &* 3 }) {
    sum &+= value
  }
  return sum
}

@inline(never)
private func awaited(_ element: Int) async throws -> Int {
  try await Flow.just(element).map { $0 &+ 1 }.filter { $0 & 1 == 0 }.map { $0 &* 3 }.reduce(0, &+)
}

private final class Sum: @unchecked Sendable {
  // Callbacks come on the subscribing thread: the element is there at once.
  var value = 0
}

@inline(never)
private func calledBack(_ element: Int, _ sum: Sum) {
  _ = Flow.just(element).map { $0 &+ 1 }.filter { $0 & 1 == 0 }.map { $0 &* 3 }.subscribe { sum.value &+= $0 }
}

func subscribe(_ table: Table) async throws {
  let count = 1_000_000
  let baseline = "stdlib AsyncSequence of the same stages, awaited"
  func stdlibSum() async -> Int {
    var sum = 0
    for number in 0..<opaque(count) { sum &+= await stdlib(number) }
    return sum
  }
  try await table.compare(
    "subscribe", per: "flow", count: count, samples: 7, target: 0.5, baseline: baseline, stdlibSum
  ) {
    var sum = 0
    for number in 0..<opaque(count) { sum &+= try await awaited(number) }
    return sum
  }
  await table.compare(
    "subscribe-callback", per: "flow", count: count, samples: 7, baseline: baseline, stdlibSum
  ) {
    let sum = Sum()
    for number in 0..<opaque(count) { calledBack(number, sum) }
    return sum.value
  }
}
