// Each element with its neighbours.
import FlowTesting
import Flows
import Testing

@Suite struct SlidingTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers arrays that overlap`() throws {
    try marbles(
      """
      source     -1-2-3-4-|
      sliding(3) -----x-y-|
      """,
      results: ["x": [1, 2, 3], "y": [2, 3, 4]]
    ) { $0.ints("source").sliding(3) }
  }

  private static let cases: [(count: Int, step: Int, elements: Int, arrays: [[Int]])] = [
    (3, 2, 6, [[1, 2, 3], [3, 4, 5], [5, 6]]), (3, 2, 5, [[1, 2, 3], [3, 4, 5]]), (2, 2, 3, [[1, 2], [3]]),
    (2, 3, 6, [[1, 2], [4, 5]]), (2, 3, 7, [[1, 2], [4, 5], [7]]), (3, 1, 2, [[1, 2]]),
    (1, 1, 2, [[1], [2]]),
    (1, 4, 6, [[1], [5]]), (3, 1, 0, []),
  ]

  @Test(arguments: cases) func `nothing is lost at the end but what stands between two arrays`(
    row: (count: Int, step: Int, elements: Int, arrays: [[Int]])
  ) throws {
    let flow = Flow.from(Array(1..<(row.elements + 1))).sliding(row.count, step: row.step)
    let seen = flow.record(in: time)
    #expect(seen.elements == row.arrays)
    #expect(seen.end != nil)
    let slow = flow.record(in: time, demand: 0)
    for _ in 0...row.arrays.count { slow.request(1) }
    #expect(slow.elements == row.arrays)
  }

  @Test func `an array may be longer than a poll`() throws {
    let seen = Flow.from(0..<1000).sliding(300, step: 200).record(in: time)
    #expect(seen.elements.map(\.first) == [0, 200, 400, 600, 800])
    #expect(seen.elements.map(\.count) == [300, 300, 300, 300, 200])
  }

  @Test func `asks for what the next array lacks`() throws {
    let discards = Discards()
    let seen = source.flow.sliding(2, step: 3).telling(discards).record(in: time, demand: 1)
    #expect(source.asked == 2)
    source.send(1, 2, 3, 4)
    try seen.expect([1, 2])
    #expect(source.sent == 2)
    seen.request(1)
    #expect(source.sent == 4 && source.asked == 1)
    #expect(discards.all(.policy) == ["3"])
    seen.cancel()
    #expect(discards.all(.ended) == ["4"])
    try source.expectReleased()
  }

  @Test func `a failure discards what has been in no array`() throws {
    let discards = Discards()
    let seen = source.flow.sliding(3).telling(discards).record(in: time)
    source.send(1, 2, 3, 4, 5)
    source.fail()
    try seen.expect([1, 2, 3], [2, 3, 4], [3, 4, 5])
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all == [])
    let other = TestFlow<Int>()
    let short = other.flow.sliding(3).telling(discards).record(in: time)
    other.send(1, 2)
    other.fail()
    try short.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["1", "2"])
  }
}
