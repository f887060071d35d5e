//: # Combine: how do several flows become one?
//: What a line prints stands behind the arrow.

import Flows

extension Flow {
  /// All elements of a run, to look at.
  func all() async throws -> [Element] { try await reduce(into: []) { $0.append($1) } }
}

//: As they come; sources that always have more take turns.
try await print(Flow.from(["a", "b"]).merge(with: .just("c")).all().sorted())  // → ["a", "b", "c"]
