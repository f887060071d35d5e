//: # Time: when does an element pass?
//: What a line prints stands behind the arrow.

import Flows

//: The last of a burst, when it has been followed by quiet. Completion does not wait.
let burst = Flow.from(["f", "fl", "flo", "flow"])
try await print(burst.debounce(for: .seconds(1)).reduce("", +))  // → flow
