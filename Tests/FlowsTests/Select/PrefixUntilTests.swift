// The beginning of a flow, until somebody else says something.
import FlowTesting
import Flows
import Testing

@Suite struct PrefixUntilTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let other = TestFlow<Int>("other")
  private var flow: Flow<Int> { source.flow.prefix(untilOutputFrom: other.flow) }

  @Test func `completes when the other says something`() throws {
    try marbles(
      """
      source         -a-b-c-d-|
      other          ------x
      prefix(until)  -a-b-c|
      """
    ) { $0["source"].prefix(untilOutputFrom: $0["other"]) }
  }

  @Test func `needs no demand for that, and lets both go`() throws {
    let seen = flow.record(in: time, demand: 1)
    #expect(other.asked == 1 && source.asked == 1)
    source.send(1, 2)
    other.send(0)
    try seen.expect(1)
    try seen.expectFinished()
    #expect(source.sent == 1)
    try source.expectReleased()
    try other.expectReleased()
  }

  @Test func `the completion of the other means nothing`() throws {
    let seen = flow.record(in: time)
    other.finish()
    try other.expectReleased()
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
  }

  @Test(arguments: [true, false]) func `the first failure counts`(isOfSource: Bool) throws {
    let seen = flow.record(in: time)
    source.send(1)
    if isOfSource { source.fail() } else { other.fail() }
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
    try other.expectReleased()
  }

  @Test func `the other goes first`() throws {
    let seen = Flow.from(1...3).prefix(untilOutputFrom: .just(0)).record(in: time)
    try seen.expectFinished()
    try seen.done()
  }
}
