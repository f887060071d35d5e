// Flows one after another.
import FlowTesting
import Flows
import Testing

@Suite struct ConcatTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<Int>("b")

  @Test func `appends`() throws {
    try marbles(
      """
      a       -1-2-|
      b       -3-4-|
      append  -1-2--3-4-|
      """
    ) { $0.ints("a").append($0.ints("b")) }
  }

  @Test func `prepends`() throws {
    try marbles(
      """
      a        -1-2-|
      b        -3-4-|
      prepend  -3-4--1-2-|
      """
    ) { $0.ints("a").prepend($0.ints("b")) }
  }

  @Test func `runs a collection in order`() throws {
    try marbles(
      """
      a       -1-2-|
      b       -3-4-|
      concat  -1-2--3-4-|
      """
    ) { .concat([$0.ints("a"), $0.ints("b")]) }
  }

  @Test func `in the order in which they are written, however they are put together`() throws {
    let flow = Flow.just(3).prepend(.just(1), .just(2)).append(.just(4), .from([5, 6]).append(.just(7)))
    let seen = flow.append(.empty(), .concat([.just(8), .just(9)])).record(in: time)
    try seen.expect(1, 2, 3, 4, 5, 6, 7, 8, 9)
    try seen.expectFinished()
  }

  @Test func `a part may be run on its own, and again`() throws {
    let part = Flow.just(1).append(.just(2))
    let whole = part.append(.just(3), part)
    for _ in 0..<2 {
      #expect(whole.record(in: time).elements == [1, 2, 3, 1, 2])
      #expect(part.record(in: time).elements == [1, 2])
    }
  }

  @Test func `what was not served is asked of the next, started when the one before is let go`() throws {
    let seen = a.flow.append(b.flow).record(in: time, demand: 3)
    #expect(a.asked == 3)
    #expect(b.subscriptions == 0)
    a.send(1)
    a.finish()
    try a.expectReleased()
    #expect(b.asked == 2)
    b.send(2, 3, 4)
    try seen.expect(1, 2, 3)
    try seen.expectNothing()
    seen.cancel()
    try b.expectReleased()
  }

  @Test func `starts the next without demand, and completes without it`() throws {
    let seen = a.flow.append(b.flow, .empty()).record(in: time, demand: 1)
    a.send(1)
    a.finish()
    try seen.expect(1)
    #expect(b.isActive)
    #expect(b.asked == 0)
    b.finish()
    try seen.expectFinished()
    try Flow<Int>.concat([.empty(), .empty()]).record(in: time, demand: 0).expectFinished()
    try Flow<Int>.concat([]).record(in: time, demand: 0).expectFinished()
  }

  @Test func `a sequence is asked for a flow when that is needed`() throws {
    let made = Counter()
    let endless = sequence(first: 0) { $0 + 1 }.lazy.map { element -> Flow<Int> in
      made.add()
      return .just(element)
    }
    let seen = Flow.concat(Unchecked(endless)).record(in: time, demand: 3)
    try seen.expect(0, 1, 2)
    // The flow that completed with the last element has been followed by one that waits for demand.
    #expect(made.count == 4)
    seen.cancel()
  }

  @Test func `a failure ends the row`() throws {
    let seen = a.flow.append(b.flow).record(in: time)
    a.send(1)
    a.fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    #expect(b.subscriptions == 0)
    try a.expectReleased()
  }

  @Test func `cancels the one that runs`() throws {
    let seen = a.flow.append(b.flow).record(in: time)
    a.finish()
    seen.cancel()
    #expect(b.cancellations == 1)
    try b.expectReleased()
  }
}

/// Lends an endless lazy sequence to a flow. Its closure counts atomically.
private struct Unchecked<Base: Sequence>: Sequence, @unchecked Sendable {
  let base: Base
  init(_ base: Base) { self.base = base }
  func makeIterator() -> Base.Iterator { base.makeIterator() }
}
