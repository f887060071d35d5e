// One run for many subscribers, which begins when somebody says so.
import FlowTesting
import Flows
import Testing

@Suite struct MulticastTests {
  private let time = VirtualTime()
  private let source = TestFlow<Int>()

  @Test func `delivers the same to a single subscriber`() throws {
    try marbles(
      """
      source                   -a-b-c-|
      multicast().autoconnect  -a-b-c-|
      """
    ) { $0["source"].multicast().autoconnect() }
  }

  @Test func `runs once for all, when it is connected`() throws {
    let shared = source.flow.multicast()
    let one = shared.flow.record(in: time)
    let two = shared.flow.record(in: time)
    #expect(shared.subscriberCount == 2)
    #expect(source.subscriptions == 0)
    let connection = shared.connect()
    #expect(source.subscriptions == 1)
    source.send(1, 2)
    source.finish()
    for seen in [one, two] {
      try seen.expect(1, 2)
      try seen.expectFinished()
    }
    #expect(connection.isEnded)
    #expect(source.sent == 2)
    try source.expectReleased()
  }

  @Test func `asks for nothing that no subscriber has asked for`() throws {
    let shared = source.flow.multicast()
    let connection = shared.connect()
    #expect(source.isActive)
    #expect(source.asked == 0)
    let seen = shared.flow.record(in: time, demand: 2)
    source.send(1, 2, 3)
    try seen.expect(1, 2)
    #expect(source.sent == 2)
    connection.cancel()
    try source.expectReleased()
  }

  @Test func `consumes without limit and without a subscriber when elements may be lost`() {
    let shared = source.flow.multicast(replay: 1, whenFull: .dropOldest)
    let connection = shared.connect()
    source.send(1, 2, 3)
    #expect(source.sent == 3)
    let seen = shared.flow.record(in: time)
    #expect(seen.elements == [3])
    connection.cancel()
  }

  @Test func `fails its subscribers when the connection is let go`() throws {
    let shared = source.flow.multicast()
    let seen = shared.flow.record(in: time)
    var connection: FlowSubscription? = shared.connect()
    source.send(1)
    connection = nil
    _ = connection
    try seen.expect(1)
    try seen.expectFailure(CancellationError.self)
    try source.expectReleased()
  }

  @Test func `lives to its end when it is detached`() throws {
    let shared = source.flow.multicast()
    let seen = shared.flow.record(in: time)
    shared.connect().detach()
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `goes on when all subscribers have left`() throws {
    let shared = source.flow.multicast()
    let connection = shared.connect()
    let one = shared.flow.record(in: time)
    source.send(1)
    one.cancel()
    #expect(source.isActive)
    let two = shared.flow.record(in: time)
    source.send(2)
    try two.expect(2)
    connection.cancel()
    #expect(source.subscriptions == 1)
  }

  @Test func `gives who comes after the end what is replayed, and the end`() throws {
    let shared = source.flow.multicast(replay: 1)
    let one = shared.flow.record(in: time)
    let connection = shared.connect()
    source.send(1, 2)
    source.fail()
    try one.expect(1, 2)
    try one.expectFailure()
    let two = shared.flow.record(in: time)
    try two.expect(2)
    try two.expectFailure(MarbleError.self)
    _ = connection
  }

  @Test func `begins a new run when it is connected again`() throws {
    let shared = source.flow.multicast(replay: 1)
    let first = shared.connect()
    source.finish()
    #expect(first.isEnded)
    let second = shared.connect()
    let seen = shared.flow.record(in: time)
    #expect(source.subscriptions == 2)
    source.send(7)
    try seen.expect(7)
    second.cancel()
    try seen.expectFailure(CancellationError.self)
    let waiting = shared.flow.record(in: time)
    try waiting.expectNothing()
    let third = shared.connect()
    source.send(8)
    try waiting.expect(8)
    third.cancel()
    #expect(source.subscriptions == 3)
  }

  @Test func `is connected once, however often it is asked to`() throws {
    let shared = source.flow.multicast()
    let first = shared.connect()
    let second = shared.connect()
    #expect(source.subscriptions == 1)
    second.cancel()
    #expect(first.isEnded)
    try source.expectReleased()
  }

  @Test func `begins when so many are there, and ends when nobody is left`() throws {
    let shared = source.flow.multicast().autoconnect(2)
    let one = shared.record(in: time)
    #expect(source.subscriptions == 0)
    let two = shared.record(in: time)
    #expect(source.subscriptions == 1)
    source.send(1)
    try one.expect(1)
    try two.expect(1)
    one.cancel()
    #expect(source.isActive)
    two.cancel()
    try source.expectReleased()
    let three = shared.record(in: time)
    #expect(source.subscriptions == 1)
    let four = shared.record(in: time)
    source.send(2)
    try three.expect(2)
    try four.expect(2)
    #expect(source.subscriptions == 2)
  }

  @Test func `gives all of what a source has at once to everybody`() {
    let shared = Flow.from(1...1000).multicast(whenFull: .dropOldest).autoconnect(2)
    let one = shared.record(in: time)
    let two = shared.record(in: time)
    #expect(one.elements == Array(1...1000))
    #expect(two.elements == Array(1...1000))
  }

  @Test func `waits for a new subscriber when it is told so`() throws {
    let shared = source.flow.multicast().autoconnect(stop: .whenUnused(after: .milliseconds(10)))
    shared.record(in: time).cancel()
    time.advance(by: .milliseconds(9))
    #expect(source.isActive)
    time.advance(by: .milliseconds(1))
    try source.expectReleased()
    let forever = source.flow.multicast().autoconnect(stop: .never)
    forever.record(in: time).cancel()
    time.advance(by: .seconds(1))
    #expect(source.isActive)
    source.finish()
  }

  @Test func `keeps nothing that was let go`() throws {
    let held = LiveCount()
    do {
      let source = TestFlow<LiveCount.Token>()
      let shared = source.flow.map { [token = held.token()] in ($0, token).0 }.multicast(replay: 2)
      let one = shared.flow.subscribe { _ in }
      let connection = shared.connect()
      source.send(held.token())
      one.cancel()
      connection.cancel()
      _ = shared.flow.subscribe { _ in }
    }
    try held.expectNone()
  }

  @Test func `traps on numbers that make no sense`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).multicast(replay: -1) }
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).multicast(buffer: 0) }
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).multicast().autoconnect(0) }
  }
}
