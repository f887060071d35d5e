// Only the newest of several flows.
import FlowTesting
import Flows
import Testing

@Suite struct SwitchToLatestTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = (0..<4).map { TestFlow<Int>("\($0)") }

  private var flow: Flow<Int> { source.flow.flatMapLatest { [inner] in inner[$0].flow } }

  @Test func `delivers what the newest flow delivers`() throws {
    try marbles(
      """
      source          -a---b---|
      a               1--2--3|
      b               4--5|
      switchToLatest  -1--24--5|
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].map { inner[$0]! }.switchToLatest()
    }
  }

  @Test func `makes a flow of the newest element`() throws {
    try marbles(
      """
      source         -a---b---|
      a              1--2--3|
      b              4--5|
      flatMapLatest  -1--24--5|
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].flatMapLatest { inner[$0]! }
    }
  }

  @Test func `lets a flow go for the next, which is asked for what is still asked for`() throws {
    let seen = flow.record(in: time, demand: 3)
    #expect(source.asked > 3)
    source.send(0)
    #expect(inner[0].asked == 3)
    inner[0].send(1)
    source.send(1)
    #expect(inner[0].cancellations == 1)
    try inner[0].expectReleased()
    #expect(inner[1].asked == 2)
    inner[1].send(2, 3, 4)
    try seen.expect(1, 2, 3)
    try seen.expectNothing()
    seen.cancel()
    try inner[1].expectReleased()
    try source.expectReleased()
  }

  @Test func `switches without demand`() throws {
    let seen = flow.record(in: time, demand: 0)
    source.send(0)
    source.send(1)
    #expect(inner[0].cancellations == 1)
    #expect(inner[1].isActive)
    seen.cancel()
  }

  @Test func `of several that come at once only the last is started`() throws {
    let seen = flow.record(in: time)
    source.send(0, 1, 2)
    #expect(inner.map(\.subscriptions) == [0, 0, 1, 0])
    inner[2].send(7)
    try seen.expect(7)
    seen.cancel()
  }

  @Test func `completes with the last flow`() throws {
    let seen = flow.record(in: time, demand: 1)
    source.send(0)
    inner[0].finish()
    try inner[0].expectReleased()
    try seen.expectNothing()
    source.send(1)
    source.finish()
    try source.expectReleased()
    inner[1].send(5)
    inner[1].finish()
    try seen.expect(5)
    try seen.expectFinished()
    try inner[1].expectReleased()
  }

  @Test func `completes with the source when no flow runs`() throws {
    let seen = flow.record(in: time, demand: 0)
    source.finish()
    try seen.expectFinished()
  }

  @Test func `a failure of the source cancels the flow`() throws {
    let seen = flow.record(in: time)
    source.send(0)
    inner[0].send(1)
    source.fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    try inner[0].expectReleased()
    try source.expectReleased()
  }

  @Test func `a failure of the flow cancels the source`() throws {
    let seen = flow.record(in: time)
    source.send(0)
    inner[0].send(1)
    inner[0].fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    try inner[0].expectReleased()
    try source.expectReleased()
  }

  @Test func `a refused element fails the flow`() throws {
    let flow = source.flow.flatMapLatest { element -> Flow<Int> in
      if element > 0 { throw Refusal() }
      return .just(element)
    }
    let seen = flow.record(in: time)
    source.send(0)
    source.send(1)
    try seen.expect(0)
    try seen.expectFailure(Refusal.self)
    try source.expectReleased()
  }
}
