// Lines for what passes.
import FlowTesting
import Flows
import Testing

@Suite struct PrintTests {
  @Test func `writes a line for everything that passes`() throws {
    let lines = Journal<String>()
    try marbles(
      """
      source  -a-b-|
      print   -a-b-|
      """
    ) { $0["source"].print("answer") { lines.note($0) } }
    #expect(
      lines.entries == [
        "answer: subscribed", "answer: asked for all", "answer: a", "answer: b", "answer: finished",
      ])
  }

  @Test func `writes what is asked for, and how it ended otherwise`() throws {
    let lines = Journal<String>()
    let source = TestFlow<Int>()
    source.flow.print { lines.note($0) }.record(in: VirtualTime(), demand: 2).cancel()
    #expect(lines.entries == ["subscribed", "asked for 2", "cancelled"])
    _ = source.flow.print("x") { lines.note($0) }.record(in: VirtualTime(), demand: 0)
    let seen = source.flow.print("y") { lines.note($0) }.record(in: VirtualTime(), demand: 0)
    source.fail()
    try seen.expectFailure()
    #expect(lines.entries.last?.hasPrefix("y: failed: ") == true)
  }

  @Test func `takes the name that is given further down`() throws {
    let lines = Journal<String>()
    let seen = Flow.just(1).print { lines.note($0) }.named("query").record(in: VirtualTime())
    try seen.expect(1)
    #expect(lines.entries == ["query: subscribed", "query: asked for all", "query: 1", "query: finished"])
  }
}
