// A flow for each element, several of them at a time, in the order of the elements.
import FlowTesting
import Flows
import Testing

@Suite struct FlatMapOrderedTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = (0..<4).map { TestFlow<Int>("\($0)") }

  private func flow(_ limit: Int, buffer: Int) -> Flow<Int> {
    source.flow.flatMapOrdered(maxConcurrent: limit, buffer: buffer) { [inner] in inner[$0].flow }
  }

  @Test func `delivers the flows in order while they run together`() throws {
    try marbles(
      """
      source             -a-b-|
      a                  1--2--3|
      b                  4--5|
      flatMapOrdered(2)  -1--2--3(45|)
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].flatMapOrdered(maxConcurrent: 2, buffer: 2) { inner[$0]! }
    }
  }

  @Test func `asks for so many elements, and runs so far ahead`() throws {
    let discards = Discards()
    let seen = flow(2, buffer: 2).telling(discards).record(in: time, demand: 3)
    #expect(source.asked == 2)
    source.send(0, 1, 2)
    #expect(source.sent == 2)
    #expect(inner[1].asked == 2)
    inner[1].send(10, 11, 12)
    #expect(inner[1].sent == 2)
    inner[0].send(1)
    try seen.expect(1)
    inner[0].finish()
    try seen.expect(10, 11)
    try inner[0].expectReleased()
    // No other flow is begun while nothing is asked for.
    #expect(inner[1].sent == 3 && inner[2].subscriptions == 0)
    seen.cancel()
    #expect(discards.all(.ended) == ["12"])
    try inner[1].expectReleased()
    try source.expectReleased()
  }

  @Test func `a flow that is complete before its turn waits in its place`() throws {
    let seen = flow(3, buffer: 1).record(in: time)
    source.send(0, 1, 2)
    inner[1].finish()
    inner[2].send(20)
    inner[2].finish()
    try seen.expectNothing()
    inner[0].finish()
    try seen.expect(20)
    source.finish()
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `a failure of a flow comes in its place`() throws {
    let seen = flow(2, buffer: 1).record(in: time)
    source.send(0, 1)
    inner[1].fail()
    inner[0].send(1)
    try seen.expect(1)
    try seen.expectNothing()
    inner[0].finish()
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }

  @Test func `a failure of the source comes after the flows that run`() throws {
    let seen = flow(2, buffer: 1).record(in: time)
    source.send(0)
    source.fail()
    inner[0].send(1)
    inner[0].finish()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `a refused element fails the flow`() throws {
    let seen = source.flow.flatMapOrdered(maxConcurrent: 2) { _ -> Flow<Int> in throw Refusal() }
      .record(in: time)
    source.send(0)
    try seen.expectFailure(Refusal.self)
    try source.expectReleased()
  }

  @Test func `flows that exist already come one after another, whatever is asked for`() throws {
    let flow = Flow.from(0..<100).flatMapOrdered(maxConcurrent: 7, buffer: 3) { .from($0 * 5..<$0 * 5 + 5) }
    let seen = flow.record(in: time)
    #expect(seen.elements == Array(0..<500))
    let slow = flow.record(in: time, demand: 0)
    for _ in 0..<501 { slow.request(1) }
    #expect(slow.elements == Array(0..<500))
    #expect(slow.end != nil)
  }
}
