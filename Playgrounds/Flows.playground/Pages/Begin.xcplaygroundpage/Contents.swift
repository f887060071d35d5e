//: # Begin: where do the elements come from?
//: A flow is a recipe. It does nothing until somebody runs it, and every run is its own.
//: What a line prints stands behind the arrow.

import Flows

//: Elements that exist already: a collection...
try await print(Flow.from(["a", "b", "c"]).reduce("", +))  // → abc

//: ...or any sequence, which is asked for an element only when one was asked for.
let powers = sequence(first: 1) { $0 < 100 ? $0 * 3 : nil }
try await print(Flow.from(powers).reduce(0, +))  // → 364
