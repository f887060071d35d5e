// Several elements in one, and none that waits for long.
import FlowTesting
import Flows
import Testing

@Suite struct ChunkedOrEveryTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  private var flow: Flow<[Int]> { source.flow.chunked(ofCount: 3, orEvery: .milliseconds(4)) }

  @Test func `delivers arrays that are full, or whose time has come`() throws {
    try marbles(
      """
      source        -abcd-------e-|
      chunked(3, 4) ---x----y-----(z|)
      """,
      results: ["x": ["a", "b", "c"], "y": ["d"], "z": ["e"]]
    ) { $0["source"].chunked(ofCount: 3, orEvery: .milliseconds(4)) }
  }

  @Test func `an element that comes in the moment in which time is up counts`() throws {
    try marbles(
      """
      source        -a---b----|
      chunked(3, 4) -----x----|
      """,
      results: ["x": ["a", "b"]]
    ) { $0["source"].chunked(ofCount: 3, orEvery: .milliseconds(4)) }
  }

  @Test func `asks for what the present array lacks, whatever is asked for`() throws {
    let seen = flow.record(in: time, demand: 0)
    #expect(source.asked == 0)
    seen.request(5)
    #expect(source.asked == 3)
    source.send(1)
    #expect(source.asked == 2)
    time.advance(by: .milliseconds(4))
    try seen.expect([1], at: .milliseconds(4))
    #expect(source.asked == 3)
    #expect(time.pendingTimers == 0)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `an array whose time has come waits for demand, and becomes fuller`() throws {
    let seen = flow.record(in: time, demand: 1)
    source.send(1, 2, 3, 4)
    try seen.expect([1, 2, 3])
    time.advance(by: .milliseconds(9))
    source.send(5)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect([4, 5], at: .milliseconds(9))
    source.send(6, 7, 8, 9)
    #expect(source.sent == 8)
    seen.request(1)
    try seen.expect([6, 7, 8], at: .milliseconds(9))
    #expect(source.sent == 9)
    seen.cancel()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `completes with what waits, and fails without it`() throws {
    let seen = flow.record(in: time)
    source.send(1)
    source.finish()
    try seen.expect([1], at: .zero)
    try seen.expectFinished(at: .zero)
    #expect(time.pendingTimers == 0)
    let (other, discards) = (TestFlow<Int>(), Discards())
    let failed = other.flow.chunked(ofCount: 3, orEvery: .milliseconds(4)).telling(discards).record(in: time)
    other.send(1)
    other.fail()
    try failed.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["1"])
    #expect(time.pendingTimers == 0)
    try other.expectReleased()
  }

  @Test func `an array may be longer than a poll`() throws {
    let seen = Flow.from(0..<1000).chunked(ofCount: 300, orEvery: .seconds(1)).record(in: time)
    #expect(seen.elements.map(\.count) == [300, 300, 300, 100])
  }
}
