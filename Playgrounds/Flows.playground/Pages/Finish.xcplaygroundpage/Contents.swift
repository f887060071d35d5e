//: # Finish: who runs it, and what comes out?
//: What a line prints stands behind the arrow.

import Flows

//: A loop. It asks for one element at a time, and leaving it ends the run.
for try await letter in Flow.from(["a", "b", "c"]).values { print(letter) }
// → a
// → b
// → c

//: One value.
try await print(Flow.from(1...4).reduce(0, +))  // → 10
try await print(Flow.from(1...4).reduce(into: "") { $0 += "\($1)" })  // → 1234

//: Callbacks. The subscription is kept as long as it is wanted: let go, it cancels.
do {
  let subscription = Flow.from(1...3).subscribe(demand: 2) {
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
