//: # Pressure: what if the consumer is slower?
//: Then its source slows down, with nothing to configure: a source is asked for what the consumer asks for. These are for
//: sources that cannot wait, and for consumers that live elsewhere. In the pictures the row `demand` says how many
//: elements are asked for, and when. What a line prints stands behind the arrow.

import FlowTesting
import Flows

//: Keep some; say what happens to one too many.
try print(
  draw(
    """
    source  -abcd-------|
    demand  1-------1-1--
    buffer
    """
  ) { $0["source"].buffer(2, whenFull: .dropOldest) })
// → source  -abcd-------|
// → buffer  -a------c-d-|
// → demand  1-------1-1--

//: Keep the latest.
try print(
  draw(
    """
    source    -abcd-----|
    demand    1-----1----
    latest()
    """
  ) { $0["source"].latest() })
// → source    -abcd-----|
// → latest()  -a----d---|
// → demand    1-----1----

//: Make one of all that was missed.
try print(
  draw(
    """
    source    -1234-----|
    demand    1-----1----
    conflate
    """
  ) { $0.ints("source").conflate { $0 + $1 } })
// → source    -1234-----|
// → conflate  -1----9---|
// → demand    1-----1----

//: Ask for many at a time, because asking is dear; and for no more than so many, ever.
let asked = TestFlow<Int>()
do {
  let page = asked.flow.rebatch(high: 100, low: 10).record(in: VirtualTime(), demand: 1)
  print("asked for", asked.asked)
  page.cancel()
}
// → asked for 100
try await print(Flow.from(1...).limitRequest(3).collect())  // → [1, 2, 3]

//: Work that keeps a core busy, on several of them: in order on each rail, not between them.
let squares = Flow.from(1...100).parallel(4, on: .pool) { rail in rail.map { $0 * $0 } }
try await print(squares.reduce(0, +))  // → 338350

//: Move what comes after to another place: here to a thread of its own.
let worker = SystemScheduler(name: "worker")
try await print(Flow.from(1...3).receive(on: worker).map { $0 * 2 }.reduce(0, +))  // → 12

//: The same, and let the source be ahead by so many.
try await print(Flow.from(1...3).receive(on: worker, buffer: 16).reduce(0, +))  // → 6

//: Move what comes before: a source that reads files must not do it where the screen is drawn.
try await print(Flow.from(1...3).subscribe(on: worker).reduce(0, +))  // → 6
