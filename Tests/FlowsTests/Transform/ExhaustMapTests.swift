// A flow for an element, when none is running.
import FlowTesting
import Flows
import Testing

@Suite struct ExhaustMapTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = (0..<4).map { TestFlow<Int>("\($0)") }

  private var flow: Flow<Int> { source.flow.exhaustMap { [inner] in inner[$0].flow } }

  @Test func `gives up what comes while a flow runs`() throws {
    try marbles(
      """
      source      -a-b---c--|
      a           1--23|
      c           4-5|
      exhaustMap  -1--23-4-5|
      """
    ) { sources in
      let inner = ["a": sources["a"], "c": sources["c"]]
      return sources["source"].exhaustMap { inner[$0]! }
    }
  }

  @Test func `asks for one element when something is asked for, and consumes while a flow runs`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time, demand: 0)
    source.send(0)
    #expect(source.sent == 0)
    seen.request(2)
    #expect(inner[0].asked == 2)
    source.send(1, 2)
    #expect(discards.all(.policy) == ["1", "2"])
    #expect(inner.map(\.subscriptions) == [1, 0, 0, 0])
    inner[0].send(10)
    inner[0].finish()
    try inner[0].expectReleased()
    source.send(3)
    #expect(inner[3].asked == 1)
    inner[3].send(11)
    try seen.expect(10, 11)
    seen.cancel()
    try inner[3].expectReleased()
    try source.expectReleased()
  }

  @Test func `flows that are complete at once are all delivered`() throws {
    let seen = Flow.from(1...1000).exhaustMap { .from([$0, $0]) }.record(in: time)
    #expect(seen.elements == (1...1000).flatMap { [$0, $0] })
    try #require(seen.end != nil)
  }

  @Test func `completes with the last flow`() throws {
    let seen = flow.record(in: time, demand: 1)
    source.send(0)
    source.finish()
    try source.expectReleased()
    try seen.expectNothing()
    inner[0].send(1)
    inner[0].finish()
    try seen.expect(1)
    try seen.expectFinished()
    try inner[0].expectReleased()
  }

  @Test func `completes without demand when no flow runs`() throws {
    let seen = flow.record(in: time, demand: 0)
    source.finish()
    try seen.expectFinished()
  }

  @Test(arguments: [true, false]) func `a failure cancels the other`(isOfSource: Bool) throws {
    let seen = flow.record(in: time)
    source.send(0)
    inner[0].send(1)
    if isOfSource { source.fail() } else { inner[0].fail() }
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    try inner[0].expectReleased()
    try source.expectReleased()
  }

  @Test func `a refused element fails the flow`() throws {
    let seen = source.flow.exhaustMap { _ -> Flow<Int> in throw Refusal() }.record(in: time)
    source.send(0)
    try seen.expectFailure(Refusal.self)
    try source.expectReleased()
  }
}
