// One flow on several rails.
import FlowTesting
import Flows
import Testing

@Suite struct ParallelTests {
  private let time = VirtualTime()

  @Test func `delivers what the rails make of the elements`() throws {
    try marbles(
      """
      source       -1-2-3-4-|
      parallel(2)  -a-b-c-d-|
      """
    ) { sources in
      let time = sources.time
      return sources.ints("source").parallel(2, on: time) { rail in rail.map { ["", "a", "b", "c", "d"][$0] }
      }
    }
  }

  @Test func `deals in turn`() throws {
    let rails = Journal<[Int]>()
    let source = TestFlow<Int>()
    let seen = source.flow.parallel(3, on: time) { rail in
      rail.reductions(into: []) { $0.append($1) }.suffix(1).onValue { rails.note($0) }
    }.record(in: time)
    time.run()
    source.send(1, 2, 3, 4, 5, 6)
    source.finish()
    time.run()
    #expect(rails.entries.sorted { $0[0] < $1[0] } == [[1, 4], [2, 5], [3, 6]])
    #expect(seen.elements.count == 3)
    #expect(seen.isOver)
  }

  @Test func `passes over a rail that has no room`() throws {
    let gates = [TestFlow<Int>("slow"), TestFlow<Int>("fast")]
    let number = Counter()
    let source = TestFlow<Int>()
    let seen = source.flow.parallel(2, on: time) { rail in
      number.add()
      let gate = gates[number.count - 1].flow
      return rail.concatMap { element in gate.prefix(1).map { _ in element } }
    }.record(in: time)
    time.run()
    source.send(1, 2, 3, 4)
    time.run()
    for _ in 0..<3 {
      gates[1].send(0)
      time.run()
    }
    #expect(seen.elements == [2, 3, 4])
    gates[0].send(0)
    time.run()
    #expect(seen.elements == [2, 3, 4, 1])
    seen.cancel()
    time.run()
    try source.expectReleased()
    for gate in gates { try gate.expectReleased() }
  }

  @Test func `each rail is ahead by no more than it may be`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.parallel(2, on: time, buffer: 3) { $0 }.record(in: time, demand: 0)
    time.run()
    #expect(source.askedInTotal == 0)
    seen.request(1)
    time.run()
    #expect(source.asked == 6)
    source.send(1, 2, 3, 4, 5, 6, 7, 8, 9)
    time.run()
    #expect(seen.elements.count == 1)
    #expect(source.sent <= 7)
    seen.request(.max)
    time.run()
    #expect(seen.elements.sorted() == Array(1...9))
    seen.cancel()
  }

  @Test func `a failure of upstream comes after what was dealt`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.parallel(1, on: time, buffer: 4) { $0 }.record(in: time)
    time.run()
    source.send(1, 2, 3)
    source.fail()
    time.run()
    try seen.expect(1, 2, 3)
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }

  @Test func `the first rail that fails cancels the others`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.parallel(2, on: time) { rail in
      rail.map { number in
        if number == 2 { throw MarbleError() }
        return number
      }
    }.record(in: time)
    time.run()
    source.send(1, 2, 3)
    time.run()
    #expect(seen.elements.first == 1)
    guard case .failed(is MarbleError)? = seen.end else { throw MarbleError() }
    try source.expectReleased()
  }

  @Test func `lets upstream go when all rails are done`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.parallel(2, on: time) { $0.prefix(1) }.record(in: time)
    time.run()
    source.send(1, 2, 3)
    time.run()
    #expect(seen.elements.sorted() == [1, 2])
    #expect(seen.isOver)
    try source.expectReleased()
  }

  @Test func `fails when a rail cannot be made`() throws {
    let seen = Flow.from(1...3).parallel(2, on: time) { _ -> Flow<Int> in throw MarbleError() }.record(
      in: time)
    time.run()
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `makes a place for each rail of each run`() throws {
    let places = Counter()
    @Sendable func place() -> VirtualTime {
      places.add()
      return time
    }
    let flow = Flow.from(1...3).parallel(3, on: place()) { $0 }
    #expect(places.count == 0)
    _ = flow.record(in: time)
    _ = flow.record(in: time)
    time.run()
    #expect(places.count == 6)
  }

  @Test func `traps on numbers that make no sense`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).parallel(0, on: .pool) { $0 } }
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).parallel(1, on: .pool, buffer: 0) { $0 } }
  }
}
