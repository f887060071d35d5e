//: # Time: when does an element pass?
//: The pictures are drawn by running the operator, in virtual time: a frame is a millisecond, `-` a frame in which
//: nothing happens. What a line prints stands behind the arrow.

import FlowTesting
import Flows

//: An element passes when no other has followed it for a while: search as you type.
try print(
  draw(
    """
    typed        -a-b-c------d----|
    debounce(3)
    """
  ) { $0["typed"].debounce(for: .milliseconds(3)) })
// → typed        -a-b-c------d----|
// → debounce(3)  --------c------d-|

//: At most one element per interval. Which of a burst? The first, the latest, or both: say it.
try print(
  draw(
    """
    moves     -abcde-----f--|
    throttle
    """
  ) { $0["moves"].throttle(for: .milliseconds(3), edges: .both) })
// → moves     -abcde-----f--|
// → throttle  -a--d--e---f--|

//: The latest element at every tick, if it is new.
try print(
  draw(
    """
    gauge      -a-b-c------d-|
    sample(4)
    """
  ) { $0["gauge"].sample(every: .milliseconds(4)) })
// → gauge      -a-b-c------d-|
// → sample(4)  ----b---c---d-|

//: Everything later.
try print(
  draw(
    """
    source    -a-b--c|
    delay(3)
    """
  ) { $0["source"].delay(for: .milliseconds(3)) })
// → source    -a-b--c|
// → delay(3)  ----a-b--c|

//: A late start.
try print(
  draw(
    """
    source                -a-b-|
    delaySubscription(2)
    """
  ) { $0["source"].delaySubscription(for: .milliseconds(2)) })
// → source                -a-b-|
// → delaySubscription(2)  ---a-b-|

//: Never faster than so much, and nothing is given up: what is too fast waits where it comes from.
try print(
  draw(
    """
    source   -abc-----d-|
    pace(3)
    """
  ) { $0["source"].pace(every: .milliseconds(3)) })
// → source   -abc-----d-|
// → pace(3)  -a--b--c--d|

//: A sign of life while nothing comes.
try print(
  draw(
    """
    source        -a-------b-|
    keepAlive(3)
    """
  ) { $0["source"].keepAlive(every: .milliseconds(3)) { "x" } })
// → source        -a-------b-|
// → keepAlive(3)  -a--x--x-b-|

//: When elements come, and how long after the one before.
let time = VirtualTime()
let start = time.now
try time.run {
  let slow = Flow.from(["a", "b"]).concatMap { Flow.just($0).delay(for: .milliseconds(3)) }
  try await slow.timestamped().forEach { print($0.element, start.duration(to: $0.instant)) }
  try await slow.measureInterval().forEach { print($0) }
  try await slow.elapsed().forEach { print($0.element, "after", $0.elapsed) }
}
// → a 0.003 seconds
// → b 0.006 seconds
// → 0.003 seconds
// → 0.003 seconds
// → a after 0.003 seconds
// → b after 0.003 seconds

//: Three deadlines: for the first element, between two, for the whole. A slow consumer never makes them fire.
try print(
  draw(
    """
    answer            -a-b-----c|
    timeout(idle: 3)
    """
  ) { $0["answer"].timeout(idle: .milliseconds(3)) })
// → answer            -a-b-----c|
// → timeout(idle: 3)  -a-b--#

//: Until an instant, which several flows may have in common.
try print(
  draw(
    """
    answer          -a-b-----c|
    deadline(at 5)
    """
  ) { $0["answer"].deadline($0.time.now.advanced(by: .milliseconds(5))) })
// → answer          -a-b-----c|
// → deadline(at 5)  -a-b-#

//: Instead of failing it may go on with something else.
try print(
  draw(
    """
    answer          --------a|
    timeout(first)
    """
  ) {
    let apology = Flow.from(["x", "y"]).delay(for: .milliseconds(1))
    return $0["answer"].timeout(first: .milliseconds(2), onTimeout: .switchTo(apology))
  })
// → answer          --------a|
// → timeout(first)  ---(xy|)
