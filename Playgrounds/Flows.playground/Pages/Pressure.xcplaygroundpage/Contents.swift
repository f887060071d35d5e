//: # Pressure: what if the consumer is slower?
//: What a line prints stands behind the arrow.

import Flows
