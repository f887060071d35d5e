//: # Transform: what becomes of each element?
//: Pictures are drawn by running the operator, in virtual time. What a line prints stands behind the arrow.

import FlowTesting
import Flows

let numbers = Flow.from(1...5)

//: One in, one out.
try await print(numbers.map { $0 * $0 }.collect())  // → [1, 4, 9, 16, 25]

//: One in, one out or none.
try await print(Flow.from(["1", "two", "3"]).compactMap { Int($0) }.collect())  // → [1, 3]

//: What has been so far: sums, states, texts that grow.
try await print(numbers.scan(0) { $0 + $1 }.collect())  // → [1, 3, 6, 10, 15]
try await print(numbers.reductions(1) { $0 * $1 }.collect())  // → [1, 2, 6, 24, 120]
try await print(Flow.from("abc").reductions(into: "") { $0.append($1) }.collect())  // → ["a", "ab", "abc"]

//: With its number, with the one before, with something between.
try await print(Flow.from("abc").enumerated().map { "\($0)\($1)" }.collect())  // → ["0a", "1b", "2c"]
try await print(numbers.adjacentPairs().map { $1 * $0 }.collect())  // → [2, 6, 12, 20]
try await print(numbers.interspersed(with: 0, every: 2).collect())  // → [1, 2, 0, 3, 4, 0, 5]

//: Several into one.
try await print(numbers.chunks(ofCount: 2).collect())  // → [[1, 2], [3, 4], [5]]

//: An asynchronous function. Calls run at the same time when you say so, and keep their order unless you say not.
func doubled(_ number: Int) async throws -> Int { number * 2 }
try await print(numbers.asyncMap(maxConcurrent: 3) { try await doubled($0) }.collect())  // → [2, 4, 6, 8, 10]

//: Each element becomes a flow. One after the other:
try await print(Flow.from([1, 2]).concatMap { Flow.from([$0, $0 * 10]) }.collect())  // → [1, 10, 2, 20]

//: So many at a time, whatever comes first:
try print(
  draw(
    """
    source      -a--b-c-------|
    flatMap(2)
    """
  ) { $0["source"].flatMap(maxConcurrent: 2) { .just($0).append(.just($0).delay(for: .milliseconds(4))) } })
// → source      -a--b-c-------|
// → flatMap(2)  -a--bac-b-c---|

//: Only the latest: an answer to an old question is let go.
try print(
  draw(
    """
    typed          -a--b-------|
    flatMapLatest
    """
  ) { $0["typed"].flatMapLatest { .just($0.uppercased()).delay(for: .milliseconds(4)) } })
// → typed          -a--b-------|
// → flatMapLatest  --------B---|

//: The same for a flow of flows. Of those that are there at once only the latest is started.
let flows = Flow.from([Flow.from([1, 2]), Flow.from([3, 4])])
try await print(flows.switchToLatest().collect())  // → [3, 4]

//: What a flow does, as values: to record it, to send it, to look at a failure without failing.
struct Refusal: Error {}
for try await event in Flow.just(1).append(.fail(Refusal())).materialize().values {
  switch event {
  case .element(let element): print("element", element)
  case .end(.finished): print("finished")
  case .end(.failed(let error)): print("failed:", error)
  }
}
// → element 1
// → failed: Refusal()
try await print(Flow.from([1, 2]).materialize().dematerialize().collect())  // → [1, 2]

//: A transformation may throw. That fails the flow, after the elements before.
do {
  let small = Flow.from([1, 2, 300]).map { number in
    guard number < 100 else { throw Refusal() }
    return number
  }
  for try await number in small.values { print(number) }
} catch {
  print(error)
}
// → 1
// → 2
// → Refusal()
