// A flow without what comes before somebody else says something.
import FlowTesting
import Flows
import Testing

@Suite struct DropUntilTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let other = TestFlow<Int>("other")
  private var flow: Flow<Int> { source.flow.drop(untilOutputFrom: other.flow) }

  @Test func `drops what comes before the other`() throws {
    try marbles(
      """
      source       -a-b-c-d-|
      other        ----x
      drop(until)  -----c-d-|
      """
    ) { $0["source"].drop(untilOutputFrom: $0["other"]) }
  }

  @Test func `makes up for what it drops, and lets the other go with its first element`() throws {
    let seen = flow.record(in: time, demand: 2)
    #expect(other.asked == 1 && source.asked == 2)
    source.send(1, 2, 3)
    #expect(source.sent == 3)
    other.send(0)
    #expect(source.asked == 2)
    try other.expectReleased()
    source.send(4, 5, 6)
    try seen.expect(4, 5)
    #expect(source.sent == 5)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `without a word of the other nothing comes but the end`() throws {
    let seen = flow.record(in: time)
    other.finish()
    source.send(1)
    source.finish()
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test(arguments: [true, false]) func `the first failure counts`(isOfSource: Bool) throws {
    let seen = flow.record(in: time)
    if isOfSource { source.fail() } else { other.fail() }
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
    try other.expectReleased()
  }

  @Test func `the other goes first`() throws {
    let seen = Flow.from(1...3).drop(untilOutputFrom: .just(0)).record(in: time)
    try seen.expect(1, 2, 3)
    try seen.expectFinished()
  }
}
