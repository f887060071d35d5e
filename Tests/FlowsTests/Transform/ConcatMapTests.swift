// A flow for each element, one after another.
import FlowTesting
import Flows
import Testing

@Suite struct ConcatMapTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = [TestFlow<String>("0"), TestFlow<String>("1"), TestFlow<String>("2")]

  private var flow: Flow<String> { source.flow.concatMap { [inner] in inner[$0].flow } }

  @Test func `runs one flow after another`() throws {
    try marbles(
      """
      source     -a--b--|
      a          1-2-3|
      b          4-5|
      concatMap  -1-2-34-5|
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].concatMap { inner[$0]! }
    }
  }

  @Test func `asks for the next element when the flow before is complete, and there is demand`() throws {
    let seen = flow.record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(0, 1)
    #expect(source.sent == 1)
    #expect(inner[0].asked == 1)
    inner[0].send("a")
    try seen.expect("a")
    inner[0].finish()
    try inner[0].expectReleased()
    #expect(source.asked == 0)
    #expect(inner[1].subscriptions == 0)
    seen.request(3)
    #expect(source.askedInTotal == 2)
    #expect(inner[1].asked == 3)
    inner[1].send("b")
    inner[1].finish()
    #expect(source.askedInTotal == 3)
    source.finish()
    try seen.expect("b")
    try seen.expectFinished()
    try source.expectReleased()
    try inner[1].expectReleased()
  }

  @Test func `completes without demand`() throws {
    let seen = flow.record(in: time, demand: 1)
    source.send(0)
    source.finish()
    inner[0].send("a")
    inner[0].finish()
    try seen.expect("a")
    try seen.expectFinished()
    let none = flow.record(in: time, demand: 0)
    source.finish()
    try none.expectFinished()
  }

  @Test func `lets a flow go before the next is made`() throws {
    let count = LiveCount()
    let flow = Flow.from(1...5).concatMap { element -> Flow<Int> in
      // Nothing of the flow before is left.
      if count.live > 0 { throw Refusal() }
      let token = count.token()
      return Flow.from([element, element]).map { [token] in
        _ = token
        return $0
      }
    }
    let seen = flow.record(in: time)
    try seen.expect(1, 1, 2, 2, 3, 3, 4, 4, 5, 5)
    try seen.expectFinished()
    try count.expectNone()
  }

  @Test func `the source goes on without demand while a flow runs`() throws {
    let flow = source.flow.debounce(for: .milliseconds(2)).concatMap { [inner] in inner[$0].flow }
    let seen = flow.record(in: time)
    source.send(0)
    time.advance(by: .milliseconds(2))
    #expect(inner[0].isActive)
    source.send(1)
    source.send(2)
    #expect(source.sent == 3)
    time.advance(by: .milliseconds(9))
    #expect(source.sent == 3)
    inner[0].finish()
    #expect(inner[1].subscriptions == 0)
    #expect(inner[2].isActive)
    seen.cancel()
    try inner[2].expectReleased()
    try source.expectReleased()
  }

  @Test func `a failure of the source cancels the flow that runs`() throws {
    let seen = flow.record(in: time)
    source.send(0)
    inner[0].send("a")
    source.fail()
    try seen.expect("a")
    try seen.expectFailure(MarbleError.self)
    #expect(inner[0].cancellations == 1)
    try inner[0].expectReleased()
    try source.expectReleased()
  }

  @Test func `a failure that comes with the last element waits for the flow of that element`() throws {
    let failing = Flow.from([0, 1]).append(.fail(Refusal()))
    let seen = failing.concatMap { Flow.from([$0, $0 + 10]) }.record(in: time, demand: 1)
    try seen.expect(0)
    seen.request(9)
    try seen.expect(10, 1, 11)
    try seen.expectFailure(Refusal.self)
  }

  @Test func `a failure of a flow cancels the source`() throws {
    let seen = flow.record(in: time)
    source.send(0)
    inner[0].send("a")
    inner[0].fail()
    try seen.expect("a")
    try seen.expectFailure(MarbleError.self)
    #expect(source.cancellations == 1)
    try source.expectReleased()
    try inner[0].expectReleased()
  }

  @Test func `a refused element fails the flow behind those before it`() throws {
    let seen = Flow.from(0..<9).concatMap { element -> Flow<Int> in
      if element == 2 { throw Refusal() }
      return .just(element)
    }.record(in: time)
    try seen.expect(0, 1)
    try seen.expectFailure(Refusal.self)
    try seen.done()
  }

  @Test func `cancels what runs`() throws {
    let seen = flow.record(in: time)
    source.send(0)
    seen.cancel()
    try inner[0].expectReleased()
    try source.expectReleased()
  }
}
