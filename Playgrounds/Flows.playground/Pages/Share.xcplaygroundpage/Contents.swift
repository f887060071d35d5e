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

//: One run for all, which begins when all are there: when somebody connects, or when so many have come.
do {
  let time = VirtualTime()
  let shared = Flow.from(1...3).multicast()
  let first = shared.flow.record(in: time)
  let second = shared.flow.record(in: time)
  let connection = shared.connect()
  print(first.elements, second.elements, connection.isEnded)
}
// → [1, 2, 3] [1, 2, 3] true
do {
  let time = VirtualTime()
  let shared = Flow.from(1...3).multicast().autoconnect(2)
  let first = shared.record(in: time)
  print(first.elements)
  let second = shared.record(in: time)
  print(first.elements, second.elements)
}
// → []
// → [1, 2, 3] [1, 2, 3]

//: A copy for somebody else, who has a buffer of his own. The end waits until he is done.
try await Flow.from(["Hello", "there"]).tee(buffer: 8, whenFull: .backpressure) { copy in
  try await print("stored", copy.collect())
}.drain()
// → stored ["Hello", "there"]

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

//: A subject that remembers: so many, and none that is older than that.
do {
  let time = VirtualTime()
  let alarms = ReplayFlow<String>(
    count: 10, age: .seconds(60), buffer: 10, whenFull: .dropOldest, scheduler: time)
  alarms.send("smoke")
  time.advance(by: .seconds(59))
  alarms.send("fire")
  time.advance(by: .seconds(1))
  print(alarms.flow.record(in: time).elements)
}
// → ["fire"]

//: A channel: several tasks send to one consumer, and wait for it.
do {
  let rows = FlowChannel<Int>()
  async let sum = rows.flow.reduce(0, +)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for number in 1...4 { group.addTask { try await rows.send(number) } }
    try await group.waitForAll()
  }
  rows.finish()
  try await print(sum)
}
// → 10
