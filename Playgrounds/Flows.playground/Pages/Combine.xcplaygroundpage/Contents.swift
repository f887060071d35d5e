//: # Combine: how do several flows become one?
//: Pictures are drawn by running the operator, in virtual time. What a line prints stands behind the arrow.

import FlowTesting
import Flows
import Synchronization

//: As they come.
try print(
  draw(
    """
    a      -1---2---|
    b      --3----4---|
    merge
    """
  ) { $0["a"].merge(with: $0["b"]) })
// → a      -1---2---|
// → b      --3----4---|
// → merge  -13--2-4---|

try await print(Flow.merge([.from([1, 2]), .from([3]), .empty()]).collect().sorted())  // → [1, 2, 3]

//: In pairs, the first with the first.
try await print(Flow.from(["a", "b", "c"]).zip(Flow.from(1...2)).collect())  // → [("a", 1), ("b", 2)]
try await print(Flow.zip([.from(1...2), .from(3...4)]).collect())  // → [[1, 3], [2, 4]]

//: The latest of each, whenever one of them changes.
try print(
  draw(
    """
    a              -1---2---|
    b              ---3---6---|
    combineLatest
    """
  ) { $0.ints("a").combineLatest($0.ints("b")).map { $0 + $1 } })
// → a              -1---2---|
// → b              ---3---6---|
// → combineLatest  ---4-5-8---|

try await print(Flow.combineLatest([.just(1), .just(2)]).collect())  // → [[1, 2]]

//: The last of each, when all are complete: the answers of calls that are made at the same time.
try await print(Flow.allLast([.from([1, 2]), .just(3)]).collect())  // → [[2, 3]]

//: The latest of another flow, when this one says so.
try print(
  draw(
    """
    click       --c---c---|
    position    1---2--3-----
    withLatest
    """
  ) { $0["click"].withLatest(from: $0["position"]).map { "\($1)" } })
// → click       --c---c---|
// → position    1---2--3-----
// → withLatest  --1---2---|

//: The latest of this one, when another flow says so.
try print(
  draw(
    """
    position    1---2--3-----|
    click       --c---c---c---
    sample
    """
  ) { $0["position"].sample(on: $0["click"]) })
// → position  1---2--3-----|
// → click     --c---c---c---
// → sample    --1---2---3--|

//: Only while another flow says so. Nothing is asked for meanwhile, so nothing has to wait here.
try print(
  draw(
    """
    page     -a-b-c------|
    visible  t--f----t---
    gate
    """
  ) { $0["page"].gate(by: $0["visible"].map { $0 == "t" }) })
// → page     -a-b-c------|
// → visible  t--f----t---
// → gate     -a------(bc)|

//: One after the other.
try await print(Flow.from([1, 2]).append(.just(3)).collect())  // → [1, 2, 3]
try await print(Flow.from([1, 2]).prepend(.just(0)).collect())  // → [0, 1, 2]
try await print(Flow.concat([.from([1]), .from([2, 3])]).collect())  // → [1, 2, 3]

//: Whichever speaks first; the others are let go.
try print(
  draw(
    """
    slow  ---a--b--|
    fast  -x---y---|
    race
    """
  ) { $0["slow"].race(with: $0["fast"]) })
// → slow  ---a--b--|
// → fast  -x---y---|
// → race  -x---y---|
try await print(Flow.race([.never(), .just("here")]).collect())  // → ["here"]

//: Or whichever has something to say: one that ends without an element is out.
try await print(Flow.race([.empty(), .just("here")], decidedBy: .firstElement).collect())  // → ["here"]

//: A second attempt beside one that is slow to begin. Here the first takes eight milliseconds, the second one.
let attempts = Atomic<Int>(0)
try print(
  draw(
    """
    slow             --------a-b-|
    quick            -x-y-|
    hedge(after: 2)
    """
  ) { sources in
    let (slow, quick) = (sources["slow"], sources["quick"])
    return Flow<String>.deferred {
      attempts.add(1, ordering: .relaxed).oldValue == 0 ? slow : quick
    }.hedge(after: .milliseconds(2), max: 2)
  })
// → slow             --------a-b-|
// → quick            -x-y-|
// → hedge(after: 2)  ---x-y-|
