// Several flows into one, as they come.
import FlowTesting
import Flows
import Testing

@Suite struct MergeTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<Int>("b")

  @Test func `delivers elements as they come`() throws {
    try marbles(
      """
      a      -1---2-|
      b      --3----4-|
      merge  -13--2-4-|
      """
    ) { $0.ints("a").merge(with: $0.ints("b")) }
  }

  @Test func `any number of flows, also none`() throws {
    let many = Flow.merge((0..<300).map { .just($0) }).record(in: time)
    #expect(many.elements == Array(0..<300))
    try Flow<Int>.merge([]).record(in: time, demand: 0).expectFinished()
    try Flow<Int>.merge((0..<300).map { _ in .empty() }).record(in: time, demand: 0).expectFinished()
  }

  @Test func `starts all flows at once, also without demand`() throws {
    let flows = (0..<300).map { TestFlow<Int>("\($0)") }
    let seen = Flow.merge(flows.map(\.flow)).record(in: time, demand: 0)
    #expect(flows.allSatisfy { $0.isActive })
    #expect(flows.allSatisfy { $0.asked == 0 })
    seen.request(1)
    #expect(flows.allSatisfy { $0.asked == 1 })
    seen.cancel()
    #expect(flows.allSatisfy { $0.isReleased })
  }

  @Test func `no flow is asked for more than was asked for here`() throws {
    let seen = a.flow.merge(with: b.flow).record(in: time, demand: 2)
    #expect(a.asked == 2)
    #expect(b.asked == 2)
    a.send(1, 2, 3)
    b.send(4)
    try seen.expect(1, 2)
    try seen.expectNothing()
    #expect(b.sent == 0)
    seen.request(2)
    #expect(Set(seen.elements) == [1, 2, 3, 4])
    seen.request(1)
    #expect(a.asked == 1)
    #expect(b.asked == 1)
    seen.cancel()
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `a flow that filled the room is asked again, whatever the others do`() throws {
    let seen = a.flow.merge(with: b.flow).record(in: time, demand: 1)
    for element in 1...5 {
      a.send(element)
      try seen.expect(element)
      seen.request(1)
      #expect(a.asked == 1)
    }
    seen.cancel()
  }

  @Test func `a slow consumer hears all flows in turn`() throws {
    let seen = Flow.merge([.from(0..<3), .from(10..<13), .from(20..<23)]).record(in: time, demand: 1)
    for _ in 0..<8 { seen.request(1) }
    try seen.expect(0, 10, 20, 1, 11, 21, 2, 12, 22)
    try seen.expectFinished()
  }

  @Test func `a flow goes on without demand although another has more`() throws {
    let seen = a.flow.merge(with: b.flow.debounce(for: .milliseconds(1))).record(in: time, demand: 1)
    a.send(1, 2, 3)
    b.send(4, 5)
    b.send(6)
    try seen.expect(1)
    #expect(b.sent == 3)
    time.run()
    seen.request(9)
    #expect(Set(seen.elements) == [1, 2, 3, 6])
    seen.cancel()
  }

  @Test func `completes when all are complete, without demand`() throws {
    let seen = a.flow.merge(with: b.flow).record(in: time, demand: 1)
    a.send(1)
    a.finish()
    try a.expectReleased()
    try seen.expect(1)
    try seen.expectNothing()
    b.finish()
    try seen.expectFinished()
  }

  @Test func `the first failure cancels the others`() throws {
    let seen = a.flow.merge(with: b.flow).record(in: time)
    a.send(1)
    b.send(2)
    b.fail()
    try seen.expect(1, 2)
    try seen.expectFailure(MarbleError.self)
    #expect(a.cancellations == 1)
    try a.expectReleased()
    try b.expectReleased()
  }

  // MARK: Failures at the end

  @Test func `a failure may wait for the others`() throws {
    try marbles(
      """
      a      -1-#
      b      --2----3|
      merge  -12----3#
      """
    ) { $0["a"].merge(with: $0["b"], failures: .atEnd) }
  }

  @Test func `the first of several failures counts, the others are told elsewhere`() throws {
    let discards = Discards()
    let seen = a.flow.merge(with: b.flow, failures: .atEnd).telling(discards).record(in: time, demand: 0)
    a.fail(CancellationError())
    try a.expectReleased()
    #expect(b.isActive)
    b.fail()
    try seen.expectFailure(CancellationError.self)
    #expect(discards.all(.ended) == ["#"])
    try b.expectReleased()
  }
}
