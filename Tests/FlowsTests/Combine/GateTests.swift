// One flow opens and closes another.
import FlowTesting
import Flows
import Testing

@Suite struct GateTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("source")
  let switches = TestFlow<Bool>("gate")
  private var flow: Flow<Int> { source.flow.gate(by: switches.flow) }

  @Test func `delivers while the gate is open`() throws {
    try marbles(
      """
      source  -a-b-c-d-e--------|
      open    t--f-------t----
      gate    -a---------(bcde)-|
      """
    ) { $0["source"].gate(by: $0.values("open", ["t": true, "f": false])) }
  }

  @Test func `asks for nothing while it is closed`() throws {
    let seen = flow.record(in: time, demand: 3)
    #expect(source.asked == 0)
    source.send(1)
    #expect(source.sent == 0)
    switches.send(true)
    try seen.expect(1)
    #expect(source.asked == 2)
    switches.send(false)
    source.send(2)
    try seen.expectNothing()
    switches.send(true, false, true)
    try seen.expect(2)
    seen.cancel()
    try source.expectReleased()
    try switches.expectReleased()
  }

  @Test func `passes the end while it is closed`() throws {
    let seen = flow.record(in: time)
    source.finish()
    try seen.expectFinished()
    try switches.expectReleased()
  }

  @Test func `stays open when the gate is complete, and completes when that is closed for ever`() throws {
    let seen = flow.record(in: time)
    switches.send(true)
    switches.finish()
    source.send(1)
    try seen.expect(1)
    let other = TestFlow<Int>()
    let closed = other.flow.gate(by: .just(false)).record(in: time)
    try closed.expectFinished()
    try other.expectReleased()
  }

  @Test(arguments: [true, false]) func `the first failure counts`(isOfSource: Bool) throws {
    let seen = flow.record(in: time)
    if isOfSource { source.fail() } else { switches.fail() }
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
    try switches.expectReleased()
  }
}
