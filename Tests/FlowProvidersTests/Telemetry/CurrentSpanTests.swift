// Parts of the work of a run.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct CurrentSpanTests {
  let time = VirtualTime()
  let kept = Kept()
  let heard = Heard()

  private func heard<E: Sendable>(_ flow: Flow<E>) -> Flow<E> {
    flow.withValue(CurrentSpan(heard.log, SpanID()), for: CurrentSpan.self)
  }

  @Test func `looks on`() throws {
    try marbles(
      """
      source  -a-b-|
      inSpan  -a-b-|
      """
    ) { $0["source"].inSpan("work") }
  }

  @Test func `a part of a run of which somebody hears is told, with its own parts`() throws {
    let source = TestFlow<Int>("source")
    let seen = heard(source.flow.inSpan("inner").inSpan("outer", attributes: ["n": 1])).record(in: time)
    #expect(heard.begun.map(\.name) == ["outer", "inner"])
    #expect(heard.begun[1].parent == heard.begun[0].id)
    #expect(heard.begun[0].attributes["n"] == 1)
    time.advance(by: .seconds(2))
    source.send(1)
    source.finish()
    #expect(seen.elements == [1])
    #expect(heard.ended.map(\.span.name) == ["inner", "outer"])
    #expect(heard.ended.allSatisfy { $0.outcome.status == .ok })
    #expect(heard.ended[0].outcome.end == FlowInstant(nanoseconds: 2_000_000_000))
  }

  @Test func `where nobody hears it is not there`() throws {
    let source = TestFlow<Int>("source")
    let seen = source.flow.inSpan("work").record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
    #expect(heard.records.isEmpty)
  }

  @Test func `failures and cancellations are told once`() throws {
    let source = TestFlow<Int>("source")
    let failing = heard(source.flow.inSpan("work")).record(in: time)
    source.fail(ProviderError(.overloaded, "full"))
    try failing.expectFailure(ProviderError.self)
    let leaving = heard(source.flow.inSpan("work")).record(in: time)
    leaving.cancel()
    let idle = heard(source.flow.inSpan("work")).record(in: time, demand: 0)
    idle.cancel()
    #expect(heard.ended.map(\.outcome.status) == [.failed(.overloaded), .cancelled])
    try source.expectReleased()
  }

  @Test func `the losers of a race are told as cancelled`() throws {
    let (a, b) = (TestFlow<Int>("a"), TestFlow<Int>("b"))
    let race = Flow.race([a.flow.inSpan("member a"), b.flow.inSpan("member b")]).inSpan("race")
    let seen = heard(race).record(in: time)
    b.send(1)
    #expect(seen.elements == [1])
    b.finish()
    let ends = Dictionary(uniqueKeysWithValues: heard.ended.map { ($0.span.name, $0.outcome.status) })
    #expect(ends == ["member a": .cancelled, "member b": .ok, "race": .ok])
    #expect(Set(heard.begun.filter { $0.name != "race" }.map(\.parent)) == [heard.begun[0].id])
  }

  @Test func `an event belongs to the work around it`() throws {
    let flow = Flow<Int> { context in
      context.noteEvent("found", ["n": 7])
      return { _ in .finished }
    }
    kept.keep(heard(flow.inSpan("work")).record(in: time))
    kept.keep(flow.record(in: time))
    #expect(heard.events.map(\.name) == ["found"])
    #expect(heard.events.first?.attributes["n"] == 7)
  }
}
