// Several elements in one, when somebody else says so.
import FlowTesting
import Flows
import Testing

@Suite struct ChunksSignalTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let signal = TestFlow<Int>("signal")
  private var flow: Flow<[Int]> { source.flow.chunks(signal: signal.flow) }

  @Test func `delivers what has come when the signal does`() throws {
    try marbles(
      """
      source         -a-b-c----d-|
      signal         ----s---s----
      chunks(signal) ----x---y---(z|)
      """,
      results: ["x": ["a", "b"], "y": ["c"], "z": ["d"]]
    ) { $0["source"].chunks(signal: $0["signal"]) }
  }

  @Test func `says nothing when nothing has come, and counts what comes with the signal`() throws {
    let seen = flow.record(in: time)
    signal.send(0)
    try seen.expectNothing()
    source.send(1)
    signal.send(0, 0)
    try seen.expect([1])
    try seen.expectNothing()
    seen.cancel()
    try source.expectReleased()
    try signal.expectReleased()
  }

  @Test func `what is due waits for demand, and becomes fuller`() throws {
    let seen = flow.record(in: time, demand: 0)
    source.send(1, 2)
    signal.send(0)
    source.send(3)
    #expect(source.sent == 3)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect([1, 2, 3])
    seen.cancel()
  }

  @Test func `a signal that is complete leaves one last array`() throws {
    let seen = flow.record(in: time)
    source.send(1)
    signal.finish()
    try signal.expectReleased()
    source.send(2)
    try seen.expectNothing()
    source.finish()
    try seen.expect([1, 2])
    try seen.expectFinished()
  }

  @Test(arguments: [true, false]) func `the first failure discards what waits`(isOfSource: Bool) throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time)
    source.send(1)
    if isOfSource { source.fail() } else { signal.fail() }
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["1"])
    try source.expectReleased()
    try signal.expectReleased()
  }
}
