//: # Observe: what is going on in there?
//: None of these changes what passes. What a line prints stands behind the arrow.

import FlowTesting
import Flows

let numbers = Flow.from(1...3)

//: Everything that happens, one line each. A name given further down is what the lines begin with.
try await numbers.prefix(2).print().named("numbers").drain()
// → numbers: subscribed
// → numbers: asked for all
// → numbers: 1
// → numbers: 2
// → numbers: finished

//: Call back for what is of interest: for all of it, for the elements, for the end, whatever it was.
let watched = numbers.handleEvents(
  receiveSubscription: { print("begins") },
  receiveOutput: { print("passes", $0) },
  receiveCompletion: { print("ends:", $0) },
  receiveCancel: { print("nobody wants any more") })
try await print("the first is", watched.first() ?? 0)
// → begins
// → passes 1
// → nobody wants any more
// → the first is 1
try await print(numbers.onValue { print("value", $0) }.count())
// → value 1
// → value 2
// → value 3
// → 3
try await numbers.finally { print("over:", $0) }.drain()  // → over: finished

//: What was given up, and why: by a policy that was declared, or because the run ended.
let glass = FlowSubject<String>(buffer: 1, whenFull: .dropOldest)
do {
  let subscription = glass.flow
    .onDrop(of: String.self) { print("no room for", $0) }
    .onDiscard(of: String.self) { value, reason in print("lost", value, reason) }
    .subscribe(demand: 1) { print("got", $0) }
  glass.send("a")
  glass.send("b")
  glass.send("c")
  subscription.cancel()
}
// → got a
// → no room for b
// → lost b policy
// → lost c ended

//: A picture of a run, and of what was asked for, when it ends.
try VirtualTime().run {
  try await Flow.from("abc").concatMap { Flow.just($0).delay(for: .milliseconds(2)) }.trace("letters").drain()
}
// → letters        --a-b-(c|)
// → asked letters  *---------

//: Values that consumers hand up to producers.
enum RequestID: FlowContextKey { static let defaultValue = "none" }
let answer = Flow<String>.reading(RequestID.self) { id in .just("answer to \(id)") }
try await print(answer.value, "/", answer.withValue("42", for: RequestID.self).value)
// → answer to none / answer to 42

//: Task-locals of the place where the run begins, around all that is done for it upstream.
enum Session { @TaskLocal static var user = "nobody" }
let greeting = Flow.deferred { Flow.just("hello \(Session.user)") }.carrying(Session.$user)
Session.$user.withValue("ann") { _ = greeting.subscribe { print($0) } }  // → hello ann

//: The time and place of everything upstream: said once, at the end. In a test it is virtual.
let time = VirtualTime()
let pause = Flow<FlowTick>.timer(after: .seconds(600)).scheduler(time).subscribe { print("tick", $0.number) }
time.run()  // → tick 1
