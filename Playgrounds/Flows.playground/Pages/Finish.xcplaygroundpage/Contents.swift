//: # Finish: who runs it, and what comes out?
//: What a line prints stands behind the arrow.

import Flows
import Foundation

let numbers = Flow.from(1...4)

//: A loop. It asks for one element at a time, and leaving it ends the run.
for try await number in numbers.values {
  if number == 3 { break }
  print(number)
}
// → 1
// → 2

//: All of it, at once or one by one.
try await print(numbers.collect())  // → [1, 2, 3, 4]
try await numbers.forEach { print($0, terminator: $0 < 4 ? " " : "\n") }  // → 1 2 3 4
try await numbers.map { print($0, terminator: $0 < 4 ? "-" : "\n") }.drain()  // → 1-2-3-4

//: One value of it. `value` is for flows that have exactly one.
try await print(numbers.reduce(0, +))  // → 10
try await print(numbers.reduce(into: "") { $0 += "\($1)" })  // → 1234
try await print(numbers.count())  // → 4
try await print(numbers.first() ?? 0, numbers.first { $0 > 2 } ?? 0, numbers.last() ?? 0)  // → 1 3 4
try await print(numbers.element(at: 1) ?? 0)  // → 2
try await print(numbers.min() ?? 0, numbers.max() ?? 0)  // → 1 4
try await print(numbers.contains(3), numbers.allSatisfy { $0 < 3 }, numbers.isEmpty())  // → true false false
try await print(numbers.sequenceEqual(.from([1, 2, 3, 4])), numbers.sequenceEqual(.just(1)))  // → true false
try await print(Flow.just("only").value)  // → only
do {
  try await print(numbers.value)
} catch {
  print(error)
}
// → the flow delivered more than one element, where exactly one was expected

//: Callbacks. The subscription is kept as long as it is wanted: let go, it cancels.
do {
  let subscription = numbers.prefix(3).subscribe(demand: 2) {
    print($0)
  } onEnd: {
    print($0)
  }
  print("asked for two")
  subscription.request(5)
}
// → 1
// → 2
// → asked for two
// → 3
// → finished

//: The same, where each call answers how many more are asked for.
_ = numbers.subscribe(initialDemand: 1) { number in
  print(number)
  return number < 3 ? 1 : .none
}
// → 1
// → 2
// → 3

//: A delegate, which is held weakly.
final class Listener: FlowDelegate {
  func flowDelivered(_ element: Int) { print("heard", element) }
  func flowEnded(_ end: FlowEnd) { print("heard the end") }
}
let listener = Listener()
_ = numbers.prefix(1).subscribe(delegate: listener)
// → heard 1
// → heard the end

//: A value that is being made now, for any number who wait.
let promise = Flow.just(21).promise()
promise.onComplete { print($0) }  // → success(21)
try await print(promise.map { $0 * 2 }.value)  // → 42

//: Synchronous code waits on a thread of its own: blocking is refused where a task runs.
func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
  try await withCheckedThrowingContinuation { continuation in
    Thread.detachNewThread { continuation.resume(with: Result { try body() }) }
  }
}
try await print(onThread { try numbers.blockingCollect() })  // → [1, 2, 3, 4]
try await print(onThread { try numbers.blockingFirst() ?? 0 })  // → 1
try await print(onThread { try numbers.blockingLast() ?? 0 })  // → 4
try await print(onThread { try Flow.just(5).blockingValue() })  // → 5
try await print(onThread { try numbers.blockingReduce(0, +) })  // → 10
try await onThread { try numbers.prefix(2).blockingForEach { print($0) } }
// → 1
// → 2
