// One run for many subscribers.
import FlowTesting
import Flows
import Testing

@Suite struct ShareTests {
  @Test func `delivers the same to a single subscriber`() throws {
    try marbles(
      """
      source   -a-b-c-|
      share()  -a-b-c-|
      """
    ) { $0["source"].share() }
  }

  @Test func `runs once for all`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share()
    let one = shared.record(in: time)
    let two = shared.record(in: time)
    #expect(source.subscriptions == 1)
    source.send(1, 2)
    source.finish()
    for seen in [one, two] {
      try seen.expect(1, 2)
      try seen.expectFinished()
      try seen.done()
    }
    #expect(source.sent == 2)
    try source.expectReleased()
  }

  @Test func `starts with the first request`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share()
    let one = shared.record(in: time, demand: 0)
    let two = shared.record(in: time, demand: 0)
    #expect(source.subscriptions == 0)
    two.request(1)
    #expect(source.subscriptions == 1)
    #expect(source.asked == 1)
    one.cancel()
    two.cancel()
    try source.expectReleased()
  }

  @Test func `gives who comes later what comes later`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share()
    let one = shared.record(in: time)
    source.send(1)
    let two = shared.record(in: time)
    source.send(2)
    try one.expect(1, 2)
    try two.expect(2)
    try one.done()
    try two.done()
  }

  @Test func `replays the last elements`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(replay: 2)
    let one = shared.record(in: time)
    source.send(1, 2, 3)
    let two = shared.record(in: time, demand: 1)
    try two.expect(2)
    two.request(.max)
    try two.expect(3)
    source.send(4)
    try two.expect(4)
    try one.expect(1, 2, 3, 4)
  }

  @Test func `waits for the slowest`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(buffer: 2)
    let fast = shared.record(in: time)
    let slow = shared.record(in: time, demand: 1)
    source.send(1, 2, 3, 4, 5, 6)
    try fast.expect(1, 2, 3)
    try slow.expect(1)
    #expect(source.sent == 3)
    slow.request(1)
    try slow.expect(2)
    try fast.expect(4)
    slow.request(10)
    try slow.expect(3, 4, 5, 6)
    try fast.expect(5, 6)
    try fast.done()
    try slow.done()
  }

  @Test func `asks for no more than anybody has asked for`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(buffer: 8)
    let one = shared.record(in: time, demand: 2)
    let two = shared.record(in: time, demand: 3)
    #expect(source.asked == 3)
    source.send(1, 2, 3, 4)
    #expect(source.sent == 3)
    try one.expect(1, 2)
    try two.expect(1, 2, 3)
    one.request(1)
    try one.expect(3)
    #expect(source.sent == 3)
    one.request(1)
    try one.expect(4)
    #expect(source.sent == 4)
    _ = two
  }

  @Test func `goes on when the slowest leaves`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share()
    let fast = shared.record(in: time)
    let slow = shared.record(in: time, demand: 0)
    source.send(1, 2, 3)
    try fast.expect(1)
    try fast.expectNothing()
    slow.cancel()
    try fast.expect(2, 3)
  }

  @Test func `drops for the slow ones by policy`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let oldest = source.flow.share(buffer: 2, whenFull: .dropOldest)
    let newest = source.flow.share(buffer: 2, whenFull: .dropNewest)
    let failing = source.flow.share(buffer: 2, whenFull: .fail)
    let seen = [oldest, newest, failing].map { ($0.record(in: time), $0.record(in: time, demand: 0)) }
    for (_, slow) in seen { slow.request(1) }
    for number in 1...5 { source.send(number) }
    source.finish()
    for (fast, _) in seen { try fast.expect(1, 2, 3, 4, 5) }
    for (_, slow) in seen { slow.request(10) }
    try seen[0].1.expect(1, 4, 5)
    try seen[0].1.expectFinished()
    try seen[1].1.expect(1, 2, 3)
    try seen[1].1.expectFinished()
    try seen[2].1.expect(1, 2, 3)
    try seen[2].1.expectFailure(FlowBufferOverflow.self)
  }

  @Test func `loses nothing of a batch for one that keeps up`() throws {
    let seen = Flow.from(1...10_000).share(whenFull: .dropOldest).record(in: VirtualTime())
    #expect(seen.elements == Array(1...10_000))
  }

  @Test func `lets upstream go with the last subscriber, and starts anew with the next`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(replay: 1)
    let one = shared.record(in: time)
    let two = shared.record(in: time)
    source.send(1)
    one.cancel()
    #expect(source.isActive)
    two.cancel()
    try source.expectReleased()
    let three = shared.record(in: time)
    try three.expectNothing()
    #expect(source.subscriptions == 2)
    source.send(2)
    try three.expect(2)
  }

  @Test func `waits for a new subscriber`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(replay: 1, stop: .whenUnused(after: .milliseconds(10)))
    shared.record(in: time).cancel()
    let one = shared.record(in: time)
    source.send(1)
    one.cancel()
    time.advance(by: .milliseconds(9))
    #expect(source.isActive)
    let two = shared.record(in: time)
    try two.expect(1)
    #expect(time.pendingTimers == 0)
    time.advance(by: .milliseconds(100))
    #expect(source.isActive)
    two.cancel()
    time.advance(by: .milliseconds(10))
    try source.expectReleased()
    #expect(time.pendingTimers == 0)
    #expect(source.subscriptions == 1)
  }

  @Test func `never stops when it is told so`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(replay: 2, stop: .never)
    let one = shared.record(in: time)
    source.send(1)
    one.cancel()
    #expect(source.isActive)
    source.send(2)
    #expect(source.sent == 1)
    let two = shared.record(in: time)
    try two.expect(1, 2)
    source.finish()
    try two.expectFinished()
    try source.expectReleased()
  }

  @Test func `forgets its end`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(replay: 1)
    let one = shared.record(in: time)
    source.send(1)
    source.fail()
    try one.expect(1)
    try one.expectFailure()
    let two = shared.record(in: time)
    #expect(source.subscriptions == 2)
    try two.expectNothing()
  }

  @Test func `remembers its end when it is told so`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(replay: 1, reset: .onFailure)
    let one = shared.record(in: time)
    source.send(1, 2)
    source.finish()
    try one.expect(1, 2)
    try one.expectFinished()
    let two = shared.record(in: time)
    try two.expect(2)
    try two.expectFinished()
    #expect(source.subscriptions == 1)
  }

  @Test func `delivers what waits before the end`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share(buffer: 4)
    let fast = shared.record(in: time)
    let slow = shared.record(in: time, demand: 0)
    source.send(1, 2)
    source.fail()
    try fast.expect(1, 2)
    try fast.expectFailure()
    try slow.expectNothing()
    slow.request(2)
    try slow.expect(1, 2)
    try slow.expectFailure()
  }

  @Test func `retries once for all`() async throws {
    let attempts = Box(0)
    let shared = Flow<Int> { _ in
      attempts.value += 1
      return { _ in .finished }
    }.share()
    for _ in 0..<3 { _ = try await shared.reduce(0, +) }
    #expect(attempts.value == 3)
  }

  @Test func `keeps nothing that was let go`() throws {
    let held = LiveCount()
    let time = VirtualTime()
    do {
      let source = TestFlow<LiveCount.Token>()
      let shared = source.flow.map { [token = held.token()] in ($0, token).0 }.share(replay: 2, stop: .never)
      let one = shared.subscribe { _ in }
      let two = shared.subscribe(demand: 0) { _ in }
      source.send(held.token())
      one.cancel()
      two.cancel()
      source.finish()
      time.run()
    }
    try held.expectNone()
  }

  @Test func `serves a subscriber that subscribes inside another`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let shared = source.flow.share()
    let inner = Box<[Recording<Int>]>([])
    let subscription = shared.subscribe { number in
      if number == 1 { inner.value.append(shared.record(in: time)) }
    }
    source.send(1)
    source.send(2)
    try inner.value[0].expect(2)
    try inner.value[0].done()
    subscription.cancel()
    inner.value = []
    try source.expectReleased()
  }

  @Test func `traps on numbers that make no sense`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).share(replay: -1) }
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).share(buffer: 0) }
  }
}
