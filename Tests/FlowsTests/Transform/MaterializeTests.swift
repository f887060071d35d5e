// The end of a flow as an element of it.
import FlowTesting
import Flows
import Testing

@Suite struct MaterializeTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers a failure as a value`() throws {
    try marbles(
      """
      source       -a-b-#
      materialize  -x-y-(z|)
      """,
      results: ["x": .element("a"), "y": .element("b"), "z": .end(.failed(MarbleError()))]
    ) { $0["source"].materialize() }
  }

  @Test func `ends as a value says`() throws {
    try marbles(
      """
      source         -x-y-z-x-|
      dematerialize  -a-b-#
      """,
      values: [
        "x": FlowEvent.element("a"), "y": FlowEvent.element("b"),
        "z": FlowEvent<String>.end(.failed(MarbleError())),
      ]
    ) { $0.values("source", as: FlowEvent<String>.self).dematerialize() }
  }

  @Test func `the end takes up the demand of one`() throws {
    let seen = source.flow.materialize().record(in: time, demand: 1)
    source.send(1)
    source.finish()
    #expect(seen.elements.count == 1)
    #expect(seen.end == nil)
    try source.expectReleased()
    seen.request(1)
    #expect(seen.elements.map { "\($0)" } == ["element(1)", "end(Flows.FlowEnd.finished)"])
    #expect(seen.end != nil)
  }

  @Test func `there and back changes nothing`() throws {
    let seen = source.flow.materialize().dematerialize().record(in: time)
    source.send(1, 2)
    source.fail()
    try seen.expect(1, 2)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
    try source.expectReleased()
  }

  @Test func `an end among the values lets upstream go and discards what follows it`() throws {
    let discards = Discards()
    let events = TestFlow<FlowEvent<Int>>()
    let seen = events.flow.dematerialize().telling(discards).record(in: time, demand: 0)
    events.send(.element(1), .end(.finished), .element(2), .end(.finished), .element(3))
    seen.request(9)
    try seen.expect(1)
    try seen.expectFinished()
    #expect(discards.all == ["2", "3"])
    #expect(events.cancellations == 1)
    try events.expectReleased()
  }

  @Test func `completes with upstream when no value says so`() throws {
    let events = TestFlow<FlowEvent<Int>>()
    let seen = events.flow.dematerialize().record(in: time)
    events.finish()
    try seen.expectFinished()
    try events.expectReleased()
  }
}
