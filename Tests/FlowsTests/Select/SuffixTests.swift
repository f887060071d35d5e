// The end of a flow.
import FlowTesting
import Flows
import Testing

@Suite struct SuffixTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers the last elements when there is no further one`() throws {
    try marbles(
      """
      source     -a-b-c|
      suffix(2)  ------(bc|)
      """
    ) { $0["source"].suffix(2) }
  }

  @Test func `consumes without demand and gives older elements up`() throws {
    let discards = Discards()
    let seen = source.flow.suffix(2).telling(discards).record(in: time, demand: 0)
    source.send(1, 2, 3, 4)
    #expect(source.sent == 4)
    #expect(discards.all(.policy) == ["1", "2"])
    source.finish()
    try source.expectReleased()
    seen.request(1)
    try seen.expect(3)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(4)
    try seen.expectFinished()
  }

  @Test func `a failure discards what is held`() throws {
    let discards = Discards()
    let seen = source.flow.suffix(2).telling(discards).record(in: time)
    source.send(1, 2)
    source.fail()
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["1", "2"])
    try source.expectReleased()
  }

  @Test func `nothing of anything is nothing`() throws {
    let seen = Flow.from(1...3).suffix(0).record(in: time)
    try seen.expectFinished()
    try seen.done()
  }
}
