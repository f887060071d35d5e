// Each element with the one before it.
import FlowTesting
import Flows
import Testing

@Suite struct AdjacentPairsTests {
  @Test func `delivers each element with the one before`() throws {
    try marbles(
      """
      source           -1-2-3-|
      adjacentPairs()  ---x-y-|
      """,
      results: ["x": "12", "y": "23"]
    ) { $0["source"].adjacentPairs().map { $0 + $1 } }
  }

  @Test func `the first element is made up for`() throws {
    let (time, source) = (VirtualTime(), TestFlow<Int>())
    let seen = source.flow.adjacentPairs().map { $0 * 10 + $1 }.record(in: time, demand: 1)
    source.send(1)
    try seen.expectNothing()
    #expect(source.asked == 1)
    source.send(2)
    try seen.expect(12)
    #expect(source.asked == 0)
    seen.request(1)
    source.send(3)
    try seen.expect(23)
    seen.cancel()
    try source.expectReleased()
  }

  @Test(arguments: [[], [1]]) func `fewer than two elements make no pair`(elements: [Int]) throws {
    let seen = Flow.from(elements).adjacentPairs().map(\.0).record(in: VirtualTime())
    try seen.expectFinished()
    try seen.done()
  }
}
