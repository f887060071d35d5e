// Elements that lead to more elements.
import FlowTesting
import Flows
import Testing

@Suite struct ExpandTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = (0..<4).map { TestFlow<Int>("\($0)") }

  @Test func `delivers what elements lead to, breadth first`() throws {
    try marbles(
      """
      source     -(12)-------|
      expand(1)  -(12)-------(abcd|)
      """
    ) { sources in
      sources["source"].expand(maxDepth: 1, limit: 2) { .from($0 == "1" ? ["a", "b"] : ["c", "d"]) }
    }
  }

  @Test func `goes on until nothing leads to more`() throws {
    let seen = Flow.just(8).expand(maxDepth: .max, limit: 8) { $0 > 1 ? .from([$0 / 2, $0 / 2]) : .empty() }
      .record(in: time)
    #expect(seen.elements == [8, 4, 4, 2, 2, 2, 2] + Array(repeating: 1, count: 8))
    #expect(seen.end != nil)
  }

  @Test func `goes no deeper than it may`() throws {
    let seen = Flow.just(1).expand(maxDepth: 3, limit: 1) { .just($0 + 1) }.record(in: time)
    try seen.expect(1, 2, 3, 4)
    try seen.expectFinished()
    let flat = Flow.from([1, 2]).expand(maxDepth: 0, limit: 1) { .just($0 + 1) }.record(in: time)
    try flat.expect(1, 2)
    try flat.expectFinished()
  }

  @Test func `runs one flow at a time, which is asked for what was asked for`() throws {
    let flow = source.flow.expand(maxDepth: 1, limit: 3) { [inner] in inner[$0].flow }
    let seen = flow.record(in: time, demand: 4)
    #expect(source.asked == 4)
    source.send(0, 1)
    try seen.expect(0, 1)
    #expect(inner[0].subscriptions == 0)
    source.finish()
    try source.expectReleased()
    #expect(inner[0].asked == 2 && inner[1].subscriptions == 0)
    inner[0].send(7)
    inner[0].finish()
    try inner[0].expectReleased()
    #expect(inner[1].asked == 1)
    seen.cancel()
    try seen.expect(7)
    try seen.done()
    try inner[1].expectReleased()
  }

  @Test func `fails when more would wait than may`() throws {
    let seen = source.flow.expand(maxDepth: 1, limit: 2) { .just($0) }.record(in: time)
    source.send(1, 2)
    try seen.expect(1, 2)
    source.send(3)
    try seen.expect(3)
    #expect(try seen.expectFailure(FlowBufferOverflow.self) == FlowBufferOverflow(capacity: 2))
    try source.expectReleased()
  }

  @Test func `a failure of a flow ends it, and so does a refused element`() throws {
    let seen = Flow.from([1, 2]).expand(maxDepth: 1, limit: 2) { _ in .fail(Refusal()) }.record(in: time)
    try seen.expect(1, 2)
    try seen.expectFailure(Refusal.self)
    let refused = Flow.from([1, 2]).expand(maxDepth: 1, limit: 2) { _ in throw Refusal() }.record(in: time)
    try refused.expect(1, 2)
    try refused.expectFailure(Refusal.self)
  }

  @Test func `a long row of flows needs no stack`() throws {
    let seen = Flow.just(0).expand(maxDepth: 100_000, limit: 1) { .just($0 + 1) }.record(in: time)
    #expect(seen.elements.count == 100_001)
    #expect(seen.end != nil)
  }
}
