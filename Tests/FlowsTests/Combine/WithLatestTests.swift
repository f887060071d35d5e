// Each element with the newest of another flow.
import FlowTesting
import Flows
import Testing

@Suite struct WithLatestTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let other = TestFlow<String>("other")

  private var flow: Flow<String> { source.flow.withLatest(from: other.flow).map { "\($0)\($1)" } }

  @Test func `delivers each element with the newest of another flow`() throws {
    try marbles(
      """
      source      -1---2---3---|
      other       --a----b--|
      withLatest  -----x---y---|
      """,
      results: ["x": "2a", "y": "3b"]
    ) { $0["source"].withLatest(from: $0["other"]).map { $0 + $1 } }
  }

  @Test func `an element that comes too early is given up and made up for`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time, demand: 2)
    #expect(source.asked == 2)
    source.send(0, 1)
    #expect(discards.all(.policy) == ["0", "1"])
    #expect(source.asked == 2)
    other.send("a")
    source.send(2, 3, 4)
    try seen.expect("2a", "3a")
    try seen.expectNothing()
    #expect(source.sent == 4)
    seen.cancel()
    try source.expectReleased()
    try other.expectReleased()
  }

  @Test func `consumes the other without demand`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time, demand: 0)
    other.send("a", "b")
    other.send("c")
    #expect(other.sent == 3)
    #expect(discards.all(.policy) == ["a", "b"])
    source.send(1)
    seen.request(1)
    try seen.expect("1c")
    seen.cancel()
    #expect(discards.all(.ended).isEmpty)
  }

  @Test func `the other goes first when both have something`() throws {
    let seen = Flow.from([1, 2]).withLatest(from: Flow.from(["a", "b"])).map { "\($0)\($1)" }.record(in: time)
    try seen.expect("1b", "2b")
    try seen.expectFinished()
  }

  @Test func `the last element of a complete other stays`() throws {
    let seen = flow.record(in: time)
    other.send("a")
    other.finish()
    try other.expectReleased()
    source.send(1)
    source.finish()
    try seen.expect("1a")
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `completes with the source, and cancels the other`() throws {
    let seen = flow.record(in: time, demand: 0)
    source.finish()
    try seen.expectFinished()
    #expect(other.cancellations == 1)
    try other.expectReleased()
  }

  @Test func `the first failure cancels the other flow`() throws {
    let one = flow.record(in: time)
    other.fail()
    try one.expectFailure(MarbleError.self)
    try source.expectReleased()
    let two = flow.record(in: time)
    source.fail()
    try two.expectFailure(MarbleError.self)
    try source.expectReleased()
    try other.expectReleased()
  }
}
