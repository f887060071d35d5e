// Looks at one flow whenever another one says something.
import FlowTesting
import Flows
import Testing

@Suite struct SampleOnTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let other = TestFlow<Int>("other")
  private var flow: Flow<Int> { source.flow.sample(on: other.flow) }

  @Test func `delivers the latest element when the other says something`() throws {
    try marbles(
      """
      source      -a-b-c---d--|
      other       ----s--s-s-s
      sample(on)  ----b--c-d--|
      """
    ) { $0["source"].sample(on: $0["other"]) }
  }

  @Test func `consumes both without demand, and keeps the newest sample until it is asked for`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time, demand: 0)
    source.send(1, 2)
    other.send(0)
    source.send(3)
    other.send(0, 0)
    source.send(4)
    #expect(source.sent == 4 && other.sent == 3)
    #expect(discards.all(.policy) == ["1", "2"])
    seen.request(5)
    try seen.expect(3)
    try seen.expectNothing()
    seen.cancel()
    #expect(discards.all(.ended) == ["4"])
    try source.expectReleased()
    try other.expectReleased()
  }

  @Test func `gives the rest up at the end, or delivers it`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time)
    let whole = source.flow.sample(on: other.flow, atEnd: .deliver).record(in: time, demand: 0)
    source.send(1)
    source.finish()
    try seen.expectFinished()
    #expect(discards.all(.policy) == ["1"])
    try whole.expectNothing()
    #expect(other.isActive == false)
    whole.request(1)
    try whole.expect(1)
    try whole.expectFinished()
  }

  @Test func `goes on when the other is complete`() throws {
    let seen = flow.record(in: time)
    other.finish()
    source.send(1)
    try seen.expectNothing()
    source.finish()
    try seen.expectFinished()
  }

  @Test(arguments: [true, false]) func `the first failure discards what waits`(isOfSource: Bool) throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time)
    source.send(1)
    if isOfSource { source.fail() } else { other.fail() }
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["1"])
    try source.expectReleased()
    try other.expectReleased()
  }
}
