// One element of each of several flows.
import FlowTesting
import Flows
import Testing

@Suite struct ZipTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<String>("b")

  private var flow: Flow<String> { a.flow.zip(b.flow).map { "\($0)\($1)" } }

  @Test func `delivers what belongs together`() throws {
    try marbles(
      """
      a    -1-2---3-|
      b    ---a-b---|
      zip  ---x-y---|
      """,
      results: ["x": "1a", "y": "2b"]
    ) { $0["a"].zip($0["b"]).map { $0 + $1 } }
  }

  @Test func `any number of flows of any types`() throws {
    let flow = Flow.zip(Flow.from([1, 2]), .from(["a", "b"]), .from([true, false]), .from([0.5, 1.5]))
    let seen = flow.map { "\($0) \($1) \($2) \($3)" }.record(in: time)
    try seen.expect("1 a true 0.5", "2 b false 1.5")
    try seen.expectFinished()
    let alone = Flow.zip(Flow.from([1, 2])).record(in: time)
    try alone.expect(1, 2)
    try alone.expectFinished()
  }

  @Test func `a collection of flows`() throws {
    let seen = Flow.zip([.from(0..<300), .from(1000..<2000)]).record(in: time)
    #expect(seen.elements == (0..<300).map { [$0, $0 + 1000] })
    try Flow.zip([Flow<Int>]()).record(in: time, demand: 0).expectFinished()
  }

  @Test func `so many rounds are asked of each`() throws {
    let seen = flow.record(in: time, demand: 2)
    #expect(a.asked == 2)
    #expect(b.asked == 2)
    a.send(1, 2, 3)
    #expect(a.sent == 2)
    seen.request(3)
    #expect(a.askedInTotal == 5)
    #expect(b.askedInTotal == 5)
    b.send("a")
    try seen.expect("1a")
    #expect(a.askedInTotal == 5)
    seen.request(1)
    #expect(a.askedInTotal == 6)
    #expect(b.askedInTotal == 6)
    b.send("b", "c")
    try seen.expect("2b", "3c")
    seen.cancel()
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `asks for nothing without demand`() throws {
    let seen = flow.record(in: time, demand: 0)
    #expect(a.asked == 0)
    a.send(1)
    b.send("a")
    #expect(a.sent == 0)
    seen.request(1)
    try seen.expect("1a")
    seen.cancel()
  }

  @Test func `a single round at a time`() throws {
    let seen = Flow.zip(Flow.from(0..<5), Flow.from(10..<15)).map { $0 + $1 }.record(in: time, demand: 1)
    for _ in 0..<4 { seen.request(1) }
    try seen.expect(10, 12, 14, 16, 18)
    try seen.expectFinished()
  }

  @Test func `completes when a complete flow has nothing that waits, and cancels the others`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time)
    a.send(1, 2)
    a.finish()
    try a.expectReleased()
    b.send("a")
    try seen.expect("1a")
    try seen.expectNothing()
    b.send("b", "c", "d")
    try seen.expect("2b")
    try seen.expectFinished()
    #expect(b.cancellations == 1)
    try b.expectReleased()
    #expect(discards.all(.ended) == ["c", "d"])
  }

  @Test func `completes without demand`() throws {
    let seen = flow.record(in: time, demand: 0)
    b.finish()
    try seen.expectFinished()
    #expect(a.cancellations == 1)
  }

  @Test func `a failure comes behind what is together, and discards what waits`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time)
    a.send(1, 2)
    b.send("a")
    b.fail()
    try seen.expect("1a")
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["2"])
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `cancelled, it discards what waits`() throws {
    let discards = Discards()
    let seen = flow.telling(discards).record(in: time)
    a.send(1)
    seen.cancel()
    #expect(discards.all == ["1"])
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `a flow that goes on without demand does so`() throws {
    let seen = a.flow.debounce(for: .milliseconds(1)).zip(b.flow).record(in: time, demand: 0)
    a.send(1, 2)
    a.send(3)
    #expect(a.sent == 3)
    seen.cancel()
  }

  @Test func `one element of ten thousand flows polls one of them`() throws {
    let polls = Counter()
    let flows = (0..<10_000).map { TestFlow<Int>("\($0)") }
    let counted = flows.map { source in
      Flow<Int> { context in
        let upstream = source.flow.start(in: context)
        return { room in
          polls.add()
          return upstream(&room)
        }
      }
    }
    let seen = Flow.zip(counted).record(in: time)
    let before = polls.count
    for key in [17, 4711, 17] { flows[key].send(key) }
    #expect(polls.count == before + 3)
    seen.cancel()
  }
}
