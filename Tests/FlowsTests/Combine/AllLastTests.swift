// The last element of each of several flows.
import FlowTesting
import Flows
import Testing

@Suite struct AllLastTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<Int>("b")

  @Test func `delivers the last elements when all are complete`() throws {
    try marbles(
      """
      a        -1-2-|
      b        ---a-b---|
      allLast  ---------(x|)
      """,
      results: ["x": "2b"]
    ) { Flow.allLast($0["a"], $0["b"]).map { $0 + $1 } }
  }

  @Test func `asks each for all, and waits for demand with the row`() throws {
    let seen = Flow.allLast([a.flow, b.flow]).record(in: time, demand: 0)
    a.send(1, 2)
    b.send(3)
    #expect(a.sent == 2 && b.sent == 1)
    a.finish()
    try a.expectReleased()
    b.finish()
    try b.expectReleased()
    try seen.expectNothing()
    seen.request(1)
    #expect(seen.elements == [[2, 3]] && seen.end != nil)
  }

  @Test func `completes as soon as one is complete without an element`() throws {
    let seen = Flow.allLast([a.flow, b.flow]).record(in: time, demand: 0)
    a.finish()
    try seen.expectFinished()
    try b.expectReleased()
    #expect(b.cancellations == 1)
    try Flow<[Int]>.allLast([Flow<Int>]()).record(in: time, demand: 0).expectFinished()
  }

  @Test func `the first failure cancels the others, and what was kept is discarded`() throws {
    let discards = Discards()
    let seen = Flow.allLast([a.flow, b.flow]).telling(discards).record(in: time)
    a.send(1, 2)
    a.finish()
    b.fail()
    try seen.expectFailure(MarbleError.self)
    try a.expectReleased()
    try b.expectReleased()
    #expect(discards.all == ["1", "2"])
  }
}
