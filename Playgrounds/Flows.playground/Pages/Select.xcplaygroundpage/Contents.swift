//: # Select: which elements pass?
//: What a line prints stands behind the arrow.

import Flows

extension Flow {
  /// All elements of a run, to look at.
  func all() async throws -> [Element] { try await reduce(into: []) { $0.append($1) } }
}

//: Those that satisfy a condition.
try await print(Flow.from(1...9).filter { $0 % 2 == 0 }.all())  // → [2, 4, 6, 8]
