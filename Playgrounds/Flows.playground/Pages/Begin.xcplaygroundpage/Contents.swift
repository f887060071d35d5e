//: # Begin: where do the elements come from?
//: A flow is a recipe. It does nothing until somebody runs it, and every run is its own. Pictures are drawn by running
//: the flow, in virtual time. What a line prints stands behind the arrow.

import FlowTesting
import Flows

//: Elements that exist already, in a collection or in any sequence.
try await print(Flow.from(["a", "b", "c"]).collect())  // → ["a", "b", "c"]
try await print((1...3).flow.collect())  // → [1, 2, 3]

//: One, none, nothing at all, a failure.
struct Refusal: Error {}
try await print(Flow.just(7).collect())  // → [7]
try await print(Flow<Int>.empty().collect())  // → []
try print(draw("never  ----") { _ in Flow<Int>.never() })  // → never  ----
try print(draw("fail  ") { _ in Flow<Int>.fail(Refusal()) })  // → fail  #

//: Elements that are made one by one, as they are asked for.
let powers = Flow<Int>.generate(1) { power in
  defer { power *= 3 }
  return power
}
try await print(powers.prefix(5).collect())  // → [1, 3, 9, 27, 81]

//: One value from an asynchronous function, which is called when somebody asks.
try await print(Flow.future { try await Flow.from(1...4).count() }.collect())  // → [4]

//: Several values from an asynchronous function: `send` returns when another one is asked for.
let countdown = Flow<Int>.produce { writer in
  for number in [3, 2, 1] { try await writer.send(number) }
}
try await print(countdown.collect())  // → [3, 2, 1]

//: An `AsyncSequence`.
let stream = AsyncStream<Int> { continuation in
  for number in 1...3 { continuation.yield(number) }
  continuation.finish()
}
try await print(Flow.from(stream).collect())  // → [1, 2, 3]

//: Callbacks. They cannot be asked to wait, so say how many may wait, and what happens to one too many.
let notes = Flow<String>.create(buffer: 16, whenFull: .dropOldest) { emitter in
  emitter.onCancel { print("let go") }
  emitter.yield("do")
  emitter.yield("re")
  emitter.finish()
}
try await print(notes.collect())
// → let go
// → ["do", "re"]

//: A flow that is made anew for each run.
try await print(Flow.deferred { Flow.just("made now") }.collect())  // → ["made now"]

//: A flow that needs a resource, which is given back in whatever way it ends.
let borrowed = Flow<String>.using {
  "a file"
} release: { file in
  print("closed \(file)")
} _: { file in
  Flow.from(["line 1 of \(file)", "line 2"])
}
try await print(borrowed.first() ?? "nothing")
// → closed a file
// → line 1 of a file

//: Time.
try print(draw("timer  -------") { _ in Flow<FlowTick>.timer(after: .milliseconds(3)).map(\.number) })
// → timer  ---(1|)
try print(
  draw("interval  ----------!") { _ in Flow<FlowTick>.interval(every: .milliseconds(3)).map(\.number) })
// → interval  ---1--2--3!

//: One element from a callback, and how to call it off.
let called = Flow<String>.fromCallback { completion in
  completion(.success("called back"))
  return { print("not wanted any more") }
}
try await print(called.value)  // → called back
