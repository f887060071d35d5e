// A flow for each element, several of them at a time.
import FlowTesting
import Flows
import Testing

@Suite struct FlatMapTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = (0..<4).map { TestFlow<Int>("\($0)") }

  private func flow(_ limit: Int) -> Flow<Int> {
    source.flow.flatMap(maxConcurrent: limit) { [inner] in inner[$0].flow }
  }

  @Test func `delivers what the flows deliver as it comes`() throws {
    try marbles(
      """
      source      -a-b----|
      a           1--2--3|
      b           4--5|
      flatMap(2)  -1-42-53|
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].flatMap(maxConcurrent: 2) { inner[$0]! }
    }
  }

  @Test func `lets in as many as the limit says, and one more for each that has ended`() throws {
    let seen = flow(2).record(in: time)
    #expect(source.asked == 2)
    source.send(0, 1, 2, 3)
    #expect(source.sent == 2)
    #expect(inner.map(\.isActive) == [true, true, false, false])
    inner[1].finish()
    try inner[1].expectReleased()
    #expect(inner.map(\.isActive) == [true, false, true, false])
    #expect(source.askedInTotal == 3)
    inner[0].finish()
    inner[2].finish()
    #expect(inner.map(\.isActive) == [false, false, false, true])
    source.finish()
    try seen.expectNothing()
    inner[3].finish()
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `lets in nobody without demand`() throws {
    let seen = flow(2).record(in: time, demand: 0)
    #expect(source.asked == 0)
    seen.request(1)
    #expect(source.asked == 2)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `each flow is asked for what was asked for here, and nothing is buffered`() throws {
    let seen = flow(3).record(in: time, demand: 2)
    source.send(0, 1)
    #expect(inner[0].asked == 2)
    #expect(inner[1].asked == 2)
    inner[0].send(1, 2, 3)
    try seen.expect(1, 2)
    inner[1].send(4)
    try seen.expectNothing()
    #expect(inner[1].sent == 0)
    seen.request(1)
    #expect(seen.elements.count == 3)
    seen.request(5)
    #expect(Set(seen.elements) == [1, 2, 3, 4])
    #expect(inner[0].asked > 0)
    #expect(inner[1].asked > 0)
    seen.cancel()
    for each in inner.prefix(2) { try each.expectReleased() }
  }

  @Test func `the flows take turns`() throws {
    let flow = Flow.from([0, 100, 200]).flatMap(maxConcurrent: .max) { Flow.from($0..<$0 + 3) }
    let seen = flow.record(in: time, demand: 1)
    for _ in 0..<8 { seen.request(1) }
    try seen.expect(0, 100, 200, 1, 101, 201, 2, 102, 202)
    try seen.expectFinished()
  }

  @Test func `with a limit of one, one flow after another`() throws {
    let flow = Flow.from([0, 100, 200]).flatMap(maxConcurrent: 1) { Flow.from($0..<$0 + 3) }
    let seen = flow.record(in: time, demand: 1)
    seen.request(8)
    try seen.expect(0, 1, 2, 100, 101, 102, 200, 201, 202)
    try seen.expectFinished()
  }

  @Test func `completes without demand`() throws {
    let seen = flow(2).record(in: time, demand: 1)
    source.send(0)
    source.finish()
    inner[0].send(1)
    inner[0].finish()
    try seen.expect(1)
    try seen.expectFinished()
    let none = flow(2).record(in: time, demand: 0)
    source.finish()
    try none.expectFinished()
  }

  @Test func `the source goes on without demand while flows run`() throws {
    let flow = source.flow.debounce(for: .milliseconds(2)).flatMap(maxConcurrent: 2) { [inner] in
      inner[$0].flow
    }
    let seen = flow.record(in: time)
    for element in 0..<2 {
      source.send(element)
      time.advance(by: .milliseconds(2))
    }
    #expect(inner[1].isActive)
    source.send(2, 3)
    #expect(source.sent == 4)
    time.advance(by: .milliseconds(9))
    #expect(inner[3].subscriptions == 0)
    inner[0].finish()
    #expect(inner[2].subscriptions == 0)
    #expect(inner[3].isActive)
    seen.cancel()
    try inner[3].expectReleased()
  }

  @Test func `a failure of the source cancels the flows that run`() throws {
    let seen = flow(2).record(in: time)
    source.send(0, 1)
    inner[0].send(1)
    source.fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    for each in inner.prefix(2) { try each.expectReleased() }
    try source.expectReleased()
  }

  @Test func `a failure that comes with elements lets their flows deliver what they have`() throws {
    let failing = Flow.from([0, 1, 2]).append(.fail(Refusal()))
    let seen = failing.flatMap(maxConcurrent: 4) { .just($0) }.record(in: time, demand: 1)
    seen.request(2)
    try seen.expect(0, 1, 2)
    try seen.expectFailure(Refusal.self)
  }

  @Test func `the first failure of a flow cancels the others and the source`() throws {
    let seen = flow(3).record(in: time)
    source.send(0, 1, 2)
    inner[1].send(1)
    inner[1].fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    for each in inner.prefix(3) { try each.expectReleased() }
    #expect(source.cancellations == 1)
    try source.expectReleased()
  }

  @Test func `a refused element fails the flow behind those before it`() throws {
    let flow = Flow.from(0..<9).flatMap(maxConcurrent: 4) { element -> Flow<Int> in
      if element == 2 { throw Refusal() }
      return .just(element)
    }
    let seen = flow.record(in: time)
    try seen.expect(0, 1)
    try seen.expectFailure(Refusal.self)
    try seen.done()
  }

  @Test func `cancels what runs`() throws {
    let seen = flow(3).record(in: time)
    source.send(0, 1, 2)
    seen.cancel()
    for each in inner.prefix(3) { try each.expectReleased() }
    try source.expectReleased()
  }

  @Test func `one element of ten thousand flows that live polls one of them`() throws {
    let polls = Counter()
    let flows = (0..<10_000).map { TestFlow<Int>("\($0)") }
    let flow = Flow.from(0..<10_000).flatMap(maxConcurrent: .max) { key in
      let stage = flows[key].flow
      return Flow { context in
        let upstream = stage.start(in: context)
        return { room in
          polls.add()
          return upstream(&room)
        }
      }
    }
    let seen = flow.record(in: time)
    #expect(flows.allSatisfy { $0.isActive })
    let before = polls.count
    for key in [17, 4711, 17] { flows[key].send(key) }
    try seen.expect(17, 4711, 17)
    #expect(polls.count == before + 3)
    seen.cancel()
    #expect(flows.allSatisfy { $0.isReleased })
  }

  // MARK: Failures at the end

  @Test(arguments: [1, 2])
  func `a flow that fails may make place for the next, and its failure come at the end`(limit: Int) throws {
    let flow = source.flow.flatMap(maxConcurrent: limit, failures: .atEnd) { [inner] number in
      if number == 3 { throw Refusal() }
      return inner[number].flow
    }
    let seen = flow.record(in: time)
    source.send(0, 1)
    inner[0].send(10)
    inner[0].fail()
    try inner[0].expectReleased()
    inner[1].send(11)
    source.send(2)
    inner[1].finish()
    inner[2].send(12)
    try seen.expect(10, 11, 12)
    source.finish()
    try seen.expectNothing()
    inner[2].finish()
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }

  @Test func `a failure of the source waits for the flows that live`() throws {
    let seen = source.flow.flatMap(maxConcurrent: 2, failures: .atEnd) { [inner] in inner[$0].flow }
      .record(in: time, demand: 2)
    source.send(0)
    source.fail()
    inner[0].send(10, 11)
    try seen.expect(10, 11)
    inner[0].finish()
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
    // Of the closure, too.
    let thrown = source.flow.flatMap(maxConcurrent: 2, failures: .atEnd) { [inner] number -> Flow<Int> in
      if number > 0 { throw Refusal() }
      return inner[number].flow
    }.record(in: time)
    source.send(0, 1)
    inner[0].send(10)
    try thrown.expect(10)
    try source.expectReleased()
    inner[0].finish()
    try thrown.expectFailure(Refusal.self)
  }
}
