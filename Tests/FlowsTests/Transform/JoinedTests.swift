// Flows, or sequences, end to end.
import FlowTesting
import Flows
import Testing

@Suite struct JoinedTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let inner = (0..<3).map { TestFlow<Int>("\($0)") }

  private var flows: Flow<Flow<Int>> { source.flow.map { [inner] in inner[$0].flow } }

  @Test func `delivers one flow after another`() throws {
    try marbles(
      """
      source  -a--b--|
      a       1-2-3|
      b       4-5|
      joined  -1-2-34-5|
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].map { inner[$0]! }.joined()
    }
  }

  @Test func `puts a separator between them`() throws {
    try marbles(
      """
      source        -a---b------|
      a             1-2|
      b             3----4|
      joined([x])   -1-2-(x3)-4-|
      """
    ) { sources in
      let inner = ["a": sources["a"], "b": sources["b"]]
      return sources["source"].map { inner[$0]! }.joined(separator: ["x"])
    }
  }

  @Test func `delivers one sequence after another`() throws {
    try marbles(
      """
      source  -x----y----|
      joined  -(ab)-(cd)-|
      """
    ) { $0.values("source", ["x": ["a", "b"], "y": ["c", "d"]]).joined() }
  }

  @Test func `puts a separator between sequences, as Swift's arrays do`() throws {
    let parts = [[1, 2], [], [3]]
    let seen = Flow.from(parts).joined(separator: [0, 0]).record(in: time)
    #expect(seen.elements == Array(parts.joined(separator: [0, 0])))
    #expect(seen.end != nil)
  }

  @Test func `holds the flow behind a separator, and lets all go`() throws {
    let seen = flows.joined(separator: [-1, -2]).record(in: time, demand: 2)
    #expect(source.asked == 1)
    source.send(0)
    inner[0].send(1)
    inner[0].finish()
    source.send(1)
    try seen.expect(1, -1)
    try inner[0].expectReleased()
    #expect(inner[1].subscriptions == 0)
    seen.request(2)
    try seen.expect(-2)
    #expect(inner[1].asked == 1)
    seen.cancel()
    try inner[1].expectReleased()
    try source.expectReleased()
  }

  @Test func `no separator follows the last, and a failure passes`() throws {
    let seen = flows.joined(separator: [-1]).record(in: time)
    source.send(0)
    inner[0].send(1)
    inner[0].finish()
    source.fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }
}
