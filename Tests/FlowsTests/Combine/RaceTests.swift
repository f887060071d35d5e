// The first of several flows to say something.
import FlowTesting
import Flows
import Testing

@Suite struct RaceTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<Int>("b")

  private var flow: Flow<Int> { a.flow.race(with: b.flow) }

  @Test func `delivers the flow that is first`() throws {
    try marbles(
      """
      a     ---1-2-|
      b     --3-4--5|
      race  --3-4--5|
      """
    ) { $0.ints("a").race(with: $0.ints("b")) }
  }

  @Test func `asks each for one until it is decided, then the winner for all`() throws {
    let seen = flow.record(in: time, demand: 5)
    #expect(a.asked == 1)
    #expect(b.asked == 1)
    b.send(1, 2)
    #expect(a.cancellations == 1)
    try a.expectReleased()
    #expect(b.sent == 2)
    #expect(b.asked == 3)
    try seen.expect(1, 2)
    b.finish()
    try seen.expectFinished()
    try b.expectReleased()
  }

  @Test func `the others are let go before the first element is passed on`() throws {
    let seen = flow.map { [a] element in (element, a.isReleased) }.record(in: time)
    b.send(1)
    #expect(seen.elements.map(\.1) == [true])
    seen.cancel()
  }

  @Test func `asks for nothing without demand`() throws {
    let seen = flow.record(in: time, demand: 0)
    a.send(1)
    #expect(a.sent == 0)
    #expect(b.isActive)
    seen.request(1)
    try seen.expect(1)
    try b.expectReleased()
    #expect(a.asked == 0)
    seen.cancel()
  }

  @Test func `completion wins too, without demand`() throws {
    let seen = flow.record(in: time, demand: 0)
    a.finish()
    try seen.expectFinished()
    #expect(b.cancellations == 1)
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `failure wins too`() throws {
    let seen = flow.record(in: time)
    b.fail()
    try seen.expectFailure(MarbleError.self)
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `of those that are ready at once the first wins`() throws {
    let seen = Flow.race([.from(0..<3), .from(10..<13)]).record(in: time, demand: 1)
    seen.request(9)
    try seen.expect(0, 1, 2)
    try seen.expectFinished()
    let alone = Flow.race([.just(1)]).record(in: time)
    try alone.expect(1)
    try alone.expectFinished()
    try Flow<Int>.race([]).record(in: time, demand: 0).expectFinished()
  }

  @Test func `cancels all that run`() throws {
    let seen = flow.record(in: time)
    seen.cancel()
    try a.expectReleased()
    try b.expectReleased()
  }

  // MARK: By the first element

  private var valued: Flow<Int> { a.flow.race(with: b.flow, decidedBy: .firstElement) }

  @Test func `by the first element, who ends without one is out`() throws {
    try marbles(
      """
      a     -|
      b     --#
      c     ---1-2-|
      race  ---1-2-|
      """
    ) { $0["a"].race(with: $0["b"], $0["c"], decidedBy: .firstElement) }
  }

  @Test func `by the first element, the end is a failure when one has failed`() throws {
    let seen = valued.record(in: time, demand: 0)
    a.fail()
    try a.expectReleased()
    try seen.expectNothing()
    b.finish()
    try seen.expectFailure(MarbleError.self)
    let empty = valued.record(in: time)
    b.finish()
    a.finish()
    try empty.expectFinished()
  }

  @Test func `by the first element, the winner may fail`() throws {
    let seen = valued.record(in: time, demand: 2)
    a.finish()
    b.send(1)
    try seen.expect(1)
    #expect(b.asked == 1)
    b.fail()
    try seen.expectFailure(MarbleError.self)
    try b.expectReleased()
  }

  @Test func `by the first success, completion wins and failure does not`() throws {
    let flow = a.flow.race(with: b.flow, decidedBy: .firstSuccess)
    let seen = flow.record(in: time)
    a.fail()
    b.finish()
    try seen.expectFinished()
    let failed = flow.record(in: time)
    a.fail(CancellationError())
    b.fail()
    try failed.expectFailure(CancellationError.self)
  }
}
