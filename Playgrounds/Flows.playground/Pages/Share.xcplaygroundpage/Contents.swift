//: # Share: how do several consumers use one run?
//: What a line prints stands behind the arrow.

import Flows
