// Several elements in one.
import FlowTesting
import Flows
import Testing

@Suite struct ChunksTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers arrays of so many elements`() throws {
    try marbles(
      """
      source     -a-b-c-d-e-|
      chunks(2)  ---x---y---(z|)
      """,
      results: ["x": ["a", "b"], "y": ["c", "d"], "z": ["e"]]
    ) { $0["source"].chunks(ofCount: 2) }
  }

  @Test func `asks for what the arrays need, without what is there`() throws {
    let seen = source.flow.chunks(ofCount: 3).record(in: time, demand: 2)
    #expect(source.asked == 6)
    source.send(1, 2, 3, 4)
    try seen.expect([1, 2, 3])
    #expect(source.asked == 2)
    #expect(source.askedInTotal == 6)
    seen.request(1)
    #expect(source.askedInTotal == 9)
    source.send(5, 6, 7, 8, 9)
    try seen.expect([4, 5, 6], [7, 8, 9])
    #expect(source.asked == 0)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `no demand is too much to be multiplied`() throws {
    let seen = source.flow.chunks(ofCount: .max).record(in: time, demand: 2)
    source.send(1, 2, 3)
    try seen.expectNothing()
    source.finish()
    try seen.expect([1, 2, 3])
    try seen.expectFinished()
  }

  @Test func `an array may be longer than a poll`() throws {
    let seen = Flow.from(0..<1000).chunks(ofCount: 300).record(in: time)
    #expect(seen.elements.map(\.count) == [300, 300, 300, 100])
    #expect(seen.elements.flatMap { $0 } == Array(0..<1000))
  }

  @Test func `what waits at the end is delivered when it is asked for`() throws {
    let seen = source.flow.chunks(ofCount: 2).record(in: time, demand: 1)
    source.send(1, 2)
    try seen.expect([1, 2])
    seen.request(1)
    source.send(3)
    source.finish()
    try seen.expect([3])
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `completes without demand when nothing waits`() throws {
    let seen = source.flow.chunks(ofCount: 2).record(in: time, demand: 1)
    source.send(1, 2)
    source.finish()
    try seen.expect([1, 2])
    try seen.expectFinished()
  }

  @Test func `a failure discards what waits`() throws {
    let discards = Discards()
    let seen = source.flow.chunks(ofCount: 2).telling(discards).record(in: time)
    source.send(1, 2, 3)
    source.fail()
    try seen.expect([1, 2])
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["3"])
    try source.expectReleased()
  }

  @Test func `cancelled, it discards what waits`() throws {
    let discards = Discards()
    let seen = source.flow.chunks(ofCount: 2).telling(discards).record(in: time)
    source.send(1)
    seen.cancel()
    #expect(discards.all(.ended) == ["1"])
    try source.expectReleased()
  }
}
