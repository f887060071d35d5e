// The pipeline that suits the first element.
import FlowTesting
import Flows
import Testing

@Suite struct SwitchOnFirstTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")

  @Test func `delivers what the chosen flow delivers`() throws {
    try marbles(
      """
      source         -a-b-c-|
      switchOnFirst  -A-B-C-|
      """
    ) { sources in
      sources["source"].switchOnFirst { first, flow -> Flow<String> in
        guard case .element("a") = first else { return .empty() }
        return flow.map { $0.uppercased() }
      }
    }
  }

  @Test func `asks for one element, and then for what the chosen flow asks for`() throws {
    let seen = source.flow.switchOnFirst { _, flow in flow.filter { $0 % 2 == 0 } }.record(
      in: time, demand: 0)
    #expect(source.asked == 0)
    seen.request(2)
    #expect(source.asked == 1)
    source.send(1)
    #expect(source.asked == 2)
    source.send(2, 3, 4, 5, 6)
    try seen.expect(2, 4)
    #expect(source.sent == 4)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `the flow may stand anywhere in the chosen one`() throws {
    let seen = source.flow.switchOnFirst { _, flow in flow.merge(with: .just(0)).prefix(4) }.record(in: time)
    source.send(1)
    source.send(2)
    source.send(3)
    #expect(seen.elements.sorted() == [0, 1, 2, 3])
    #expect(seen.end != nil)
    try source.expectReleased()
  }

  @Test func `what the chosen flow does not need is let go`() throws {
    let seen = source.flow.switchOnFirst { _, _ in .from([7, 8]).append(.never()) }.record(in: time)
    source.send(1)
    try seen.expect(7, 8)
    try source.expectReleased()
    let other = TestFlow<Int>()
    let short = other.flow.switchOnFirst { _, flow in flow.prefix(1).append(.never()) }.record(in: time)
    other.send(1)
    try short.expect(1)
    try other.expectReleased()
  }

  @Test func `an end that comes first is told, too`() throws {
    let seen = Flow<Int>.empty().switchOnFirst { first, flow -> Flow<Int> in
      if case .end(.finished) = first { return flow.append(.just(0)) }
      return flow
    }.record(in: time)
    try seen.expect(0)
    try seen.expectFinished()
    let failed = Flow<Int>.fail(Refusal()).switchOnFirst { _, flow in flow }.record(in: time, demand: 0)
    try failed.expectFailure(Refusal.self)
  }

  @Test func `a failure of the source comes through the chosen flow`() throws {
    let seen = source.flow.switchOnFirst { _, flow in flow.replaceError(with: -1) }.record(in: time)
    source.send(1)
    source.fail()
    try seen.expect(1, -1)
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `a refusal fails the flow`() throws {
    let seen = source.flow.switchOnFirst { _, _ -> Flow<Int> in throw Refusal() }.record(in: time)
    source.send(1)
    try seen.expectFailure(Refusal.self)
    try source.expectReleased()
  }

  @Test func `the flow can be run once`() throws {
    let seen = source.flow.switchOnFirst { _, flow in flow.append(flow) }.record(in: time)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFailure(FlowRunTwice.self)
  }
}
