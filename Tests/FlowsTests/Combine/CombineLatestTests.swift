// The newest element of each of several flows.
import FlowTesting
import Flows
import Testing

@Suite struct CombineLatestTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<String>("b")

  private func flow(_ policy: ChangePolicy = .latest) -> Flow<String> {
    a.flow.combineLatest(b.flow, backpressure: policy).map { "\($0)\($1)" }
  }

  @Test func `delivers the newest elements whenever one changes`() throws {
    try marbles(
      """
      a              -1-----2---|
      b              ---a-b---|
      combineLatest  ---x-y-z---|
      """,
      results: ["x": "1a", "y": "1b", "z": "2b"]
    ) { $0["a"].combineLatest($0["b"]).map { $0 + $1 } }
  }

  @Test func `any number of flows of any types`() throws {
    let flow = Flow.combineLatest(Flow.just(1), .just("a"), .from([true, false]))
    let seen = flow.map { "\($0) \($1) \($2)" }.record(in: time)
    try seen.expect("1 a true", "1 a false")
    try seen.expectFinished()
  }

  @Test func `a collection of flows`() throws {
    let seen = Flow.combineLatest([.just(1), .just(2), .from([3, 4])]).record(in: time)
    try seen.expect([1, 2, 3], [1, 2, 4])
    try seen.expectFinished()
    try Flow.combineLatest([Flow<Int>]()).record(in: time, demand: 0).expectFinished()
  }

  @Test func `consumes without demand, and delivers the newest when there is some`() throws {
    let discards = Discards()
    let seen = flow().telling(discards).record(in: time, demand: 1)
    a.send(1)
    b.send("a")
    try seen.expect("1a")
    a.send(2)
    a.send(3)
    b.send("b")
    #expect(a.sent == 3)
    try seen.expectNothing()
    seen.request(5)
    try seen.expect("3b")
    try seen.expectNothing()
    #expect(discards.all == ["2"])
    #expect(discards.all(.policy) == ["2"])
    seen.cancel()
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `delivers every change while that is asked for`() throws {
    let seen = flow().record(in: time, demand: 3)
    b.send("a")
    a.send(1, 2, 3, 4)
    try seen.expect("1a", "2a", "3a")
    seen.request(9)
    try seen.expect("4a")
    seen.cancel()
  }

  @Test func `with every change, asks for no more than was asked for here`() throws {
    let seen = flow(.everyChange).record(in: time, demand: 1)
    #expect(a.asked == 1)
    a.send(1, 2, 3)
    #expect(a.sent == 1)
    b.send("a", "b")
    try seen.expect("1a")
    seen.request(1)
    seen.request(9)
    #expect(seen.elements.count == 4)
    #expect(seen.elements.last == "3b")
    a.finish()
    b.finish()
    #expect(seen.end != nil)
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `with every change, asks for nothing without demand`() throws {
    let seen = flow(.everyChange).record(in: time, demand: 0)
    a.send(1)
    b.send("a")
    #expect(a.sent == 0)
    #expect(b.sent == 0)
    seen.request(2)
    try seen.expect("1a")
    seen.cancel()
  }

  @Test func `with every change, no first element is given up`() throws {
    let seen = Flow.combineLatest(.from(1...3), b.flow, backpressure: .everyChange).map { "\($0)\($1)" }
      .record(in: time)
    b.send("a")
    b.finish()
    try seen.expect("1a", "2a", "3a")
    try seen.expectFinished()
  }

  @Test func `completes when all are complete, and not before the last row is delivered`() throws {
    let seen = flow().record(in: time, demand: 1)
    a.send(1)
    b.send("a")
    a.finish()
    try a.expectReleased()
    b.send("b")
    b.finish()
    try b.expectReleased()
    try seen.expect("1a")
    try seen.expectNothing()
    seen.request(1)
    try seen.expect("1b")
    try seen.expectFinished()
  }

  @Test func `completes when there cannot be a row`() throws {
    let discards = Discards()
    let seen = flow().telling(discards).record(in: time, demand: 0)
    a.send(1)
    b.finish()
    try seen.expectFinished()
    #expect(a.cancellations == 1)
    #expect(discards.all(.ended) == ["1"])
    try a.expectReleased()
  }

  @Test func `a failure cancels the others`() throws {
    let seen = flow().record(in: time)
    a.send(1)
    b.send("a")
    a.fail()
    try seen.expect("1a")
    try seen.expectFailure(MarbleError.self)
    #expect(b.cancellations == 1)
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `what was delivered is not discarded`() throws {
    let discards = Discards()
    let seen = flow().telling(discards).record(in: time)
    a.send(1)
    b.send("a")
    try seen.expect("1a")
    seen.cancel()
    #expect(discards.all.isEmpty)
  }
}
