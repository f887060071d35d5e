// The elements of one type.
import FlowTesting
import Flows
import Testing

@Suite struct OfTypeTests {
  @Test func `delivers the elements of a type`() throws {
    try marbles(
      """
      source       -a-1-b-2-|
      ofType(Int)  ---1---2-|
      """
    ) { sources in
      sources["source"].map { Int($0) as (any Sendable)? ?? $0 }.ofType(Int.self)
    }
  }

  @Test func `makes up for what it drops, and infers the type`() throws {
    let time = VirtualTime()
    let source = TestFlow<any Sendable>()
    let flow: Flow<String> = source.flow.ofType()
    let seen = flow.record(in: time, demand: 2)
    source.send(1, "a", 2.0)
    try seen.expect("a")
    #expect(source.sent == 3 && source.asked == 1)
    seen.cancel()
    try source.expectReleased()
  }
}
