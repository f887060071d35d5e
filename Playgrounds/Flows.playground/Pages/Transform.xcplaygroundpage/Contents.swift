//: # Transform: what becomes of each element?
//: What a line prints stands behind the arrow.

import Flows

extension Flow {
  /// All elements of a run, to look at.
  func all() async throws -> [Element] { try await reduce(into: []) { $0.append($1) } }
}

//: One in, one out.
try await print(Flow.from([1, 2, 3]).map { $0 * $0 }.all())  // → [1, 4, 9]

//: A transformation may throw. That fails the flow, after the elements before.
struct TooLarge: Error {}
do {
  let small = Flow.from([1, 2, 300]).map { number in
    guard number < 100 else { throw TooLarge() }
    return number
  }
  for try await number in small.values { print(number) }
} catch {
  print(error)
}
// → 1
// → 2
// → TooLarge()
