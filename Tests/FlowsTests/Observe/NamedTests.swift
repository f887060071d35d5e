// Names.
import FlowTesting
import Flows
import Testing

@Suite struct NamedTests {
  @Test func `names what stands upstream`() throws {
    let names = Journal<String?>()
    func noting(_ flow: Flow<String>) -> Flow<String> {
      Flow { context in
        names.note(context.name)
        return flow.start(in: context)
      }
    }
    try marbles(
      """
      source        -a-b-|
      named(query)  -a-b-|
      """
    ) { noting(noting($0["source"]).named("query")) }
    #expect(names.entries == [nil, "query"])
  }

  @Test func `gives way to the name that is nearer`() {
    let names = Journal<String?>()
    let source = Flow<Int> { context in
      names.note(context.name)
      return { _ in .finished }
    }
    _ = source.named("near").map { $0 }.named("far").record(in: VirtualTime())
    #expect(names.entries == ["near"])
  }
}
