//: # Observe: what is going on in there?
//: What a line prints stands behind the arrow.

import Flows
