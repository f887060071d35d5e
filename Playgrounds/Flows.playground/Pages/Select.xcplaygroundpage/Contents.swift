//: # Select: which elements pass?
//: What a line prints stands behind the arrow.

import Flows

let numbers = Flow.from(1...9)
let all = Flow.from([1, 1, 2, 4, 1])

//: Those that satisfy a condition.
try await print(numbers.filter { $0 % 2 == 0 }.collect())  // → [2, 4, 6, 8]

try await print(numbers.filterAsync { number async in number % 4 == 0 }.collect())  // → [4, 8]

//: Those of a type.
let mixed = Flow<any Sendable>.from([1, "two", 3])
try await print(mixed.ofType(Int.self).collect())  // → [1, 3]

//: The first ones. The source is asked for no more than these, and let go with the last of them.
try await print(numbers.prefix(3).collect())  // → [1, 2, 3]
try await print(numbers.prefix { $0 < 4 }.collect())  // → [1, 2, 3]
try await print(numbers.prefix(while: { $0 < 4 }, inclusive: true).collect())  // → [1, 2, 3, 4]

//: Until somebody else says something, or not before.
try await print(numbers.prefix(untilOutputFrom: Flow<Int>.never()).count())  // → 9
try await print(numbers.drop(untilOutputFrom: .just("go")).prefix(2).collect())  // → [1, 2]

//: All but the first ones.
try await print(numbers.dropFirst(7).collect())  // → [8, 9]
try await print(numbers.drop { $0 < 8 }.collect())  // → [8, 9]

//: All but the last ones, and the last ones.
try await print(numbers.dropLast(7).collect())  // → [1, 2]
try await print(numbers.suffix(2).collect())  // → [8, 9]

//: Nothing twice, as far as the memory of so many keys reaches.
try await print(all.distinct(by: { $0 }, limit: 100).collect())  // → [1, 2, 4]

//: Changes only.
try await print(all.removeDuplicates().collect())  // → [1, 2, 4, 1]
try await print(all.removeDuplicates { $0 % 2 == $1 % 2 }.collect())  // → [1, 2, 1]

//: Only the end: here it says that there was one, and then goes on with something else.
try await print(numbers.ignoreOutput(as: String.self).append(.just("done")).collect())  // → ["done"]

//: Something instead of nothing.
try await print(Flow<Int>.empty().replaceEmpty(with: 0).collect())  // → [0]
try await print(Flow<Int>.empty().switchIfEmpty { numbers.prefix(2) }.collect())  // → [1, 2]
struct Nothing: Error {}
try await print(Flow<Int>.empty().failIfEmpty(Nothing()).replaceError(with: -1).collect())  // → [-1]
