//: # Share: how do several consumers use one run?
//: Every run of a flow is its own, so two consumers make two requests, unless they share one. What a line prints stands
//: behind the arrow.

import FlowTesting
import Flows

//: One run for all. It begins with the first who asks, and ends when nobody is left.
do {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  let shared = source.flow.share()
  let first = shared.record(in: time)
  let second = shared.record(in: time)
  source.send(1, 2)
  source.finish()
  print(first.elements, second.elements, "in", source.subscriptions, "run")
}
// → [1, 2] [1, 2] in 1 run

//: Who comes later may get what was last.
do {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  let shared = source.flow.share(replay: 1)
  let first = shared.record(in: time)
  source.send(1, 2)
  let second = shared.record(in: time)
  source.send(3)
  print(first.elements, second.elements)
}
// → [1, 2, 3] [2, 3]

//: A subject: whoever has it may send. Say how much may wait for a slow subscriber, and what happens to one too many.
do {
  let subject = FlowSubject<String>(buffer: 16, whenFull: .dropOldest)
  let subscription = subject.flow.subscribe { print($0) }
  subject.send("hello")
  print(subject.send("there"))
  subject.finish()
  _ = subscription
}
// → hello
// → there
// → sent(subscribers: 1)

//: A value, and what it becomes. A subscriber gets it as it is now, and then every change.
do {
  let progress = CurrentValueFlow(0)
  let subscription = progress.flow.subscribe { print("\($0) %") }
  progress.value = 50
  progress.update { $0 += 25 }
  print("now at", progress.value)
  _ = subscription
}
// → 0 %
// → 50 %
// → 75 %
// → now at 75
