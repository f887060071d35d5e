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
try await numbers.onRequest { print("asked for", $0 == .unlimited ? "all" : "some") }
  .onCompletion { print("complete") }
  .onCancel { print("not wanted") }
  .onError { print("failed:", $0) }
  .drain()
// → asked for all
// → complete

//: Figures of a run, when it is over; a meter adds up many, and can be looked at meanwhile.
let meter = FlowMeter()
try await numbers.metrics { print($0.count, "elements of", $0.name ?? "?") }.metrics(into: meter).named(
  "numbers"
).drain()
print(meter.totals.finished, "finished")
// → 3 elements of numbers
// → 1 finished

//: Where a failure came by.
struct Broken: Error {}
do {
  try await numbers.map { number in if number == 2 { throw Broken() } }
    .checkpoint("decoding", file: "Chat.swift", line: 12)
    .checkpoint("answer", file: "Screen.swift", line: 40)
    .drain()
} catch {
  print(error)
}
// → Broken()
// →   passed decoding (Chat.swift:12)
// →   passed answer (Screen.swift:40)

//: What a run waits for.
do {
  let waiting = Flow<Int>.create(buffer: 16, whenFull: .fail) { _ in }
    .checkpoint("feed", file: "Feed.swift", line: 7)
    .subscribe(demand: 3) { _ in }
  print(waiting.snapshot())
}
// → asked for 3
// →   feed (Feed.swift:7)
// →   buffer: 0 of 16 wait, 3 are asked for

//: Spans for a tracing system, with tags.
struct Console: FlowTracer, FlowSpan {
  func span(_ name: String, tags: [String: String], parent: (any FlowSpan)?, at instant: FlowInstant)
    -> any FlowSpan
  {
    print("begin", name, tags)
    return self
  }
  func event(_ name: String, _ attributes: [String: String], at instant: FlowInstant) { print(name) }
  func end(_ exit: FlowExit, at instant: FlowInstant) { print("end:", exit) }
}
try await numbers.traced(Console(), as: "numbers").tagged("size", "small").drain()
// → begin numbers ["size": "small"]
// → end: finished

//: Stops in the debugger where somebody says so, or where something fails.
try await numbers.breakpoint(receiveOutput: { $0 > 3 }).breakpointOnError().drain()

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

//: Several places of a pipeline on one page, to be opened in a browser. Without a report nothing is paid.
let report = TraceReport()
let pages = numbers.trace("before", into: report).buffer(2, whenFull: .backpressure)
try await pages.trace("after", into: report).drain()
print(report.count, "runs,", report.html(title: "Numbers").hasPrefix("<!doctype html>"))  // → 2 runs, true

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
