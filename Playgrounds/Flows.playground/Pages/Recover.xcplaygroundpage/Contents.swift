//: # Recover: what happens after a failure?
//: What a line prints stands behind the arrow.

import Flows
