// Runs as spans.
import FlowTesting
import Flows
import Testing

@Suite struct TracedTests {
  private let spans = Spans()
  private let time = VirtualTime()
  private let source = TestFlow<Int>()

  @Test func `changes nothing that passes`() throws {
    try marbles(
      """
      source  -a-b-|
      traced  -a-b-|
      """
    ) { sources in sources["source"].traced(spans, as: "query") }
    #expect(spans.lines == ["0 begin query", "5 end query: finished"])
  }

  @Test func `each run is a span, with its name and its tags`() {
    let flow = source.flow.traced(spans).tagged("model", "small").named("answer")
    let one = flow.record(in: time)
    time.advance(by: .milliseconds(3))
    one.cancel()
    let two = flow.record(in: time)
    source.fail()
    #expect(
      spans.lines == [
        "0 begin answer model=small", "3 end answer: cancelled",
        "3 begin answer model=small", "3 end answer: \(MarbleError())",
      ])
    _ = two
  }

  @Test func `attempts are events`() {
    let policy = RetryPolicy(maxAttempts: 3, backoff: .constant(.milliseconds(5)), jitter: .none)
    let seen = Flow<Int>.fail(MarbleError()).retry(policy).traced(spans, as: "query").record(in: time)
    time.run()
    #expect(spans.lines.count == 4)
    #expect(spans.lines[1].hasPrefix("0 query: retry delay=0.005 seconds error="))
    #expect(spans.lines[2].hasPrefix("5 query: retry"))
    #expect(spans.lines[3].hasPrefix("10 end query: "))
    _ = seen
  }

  @Test func `a run inside another has that as its parent`() {
    let inner = Flow.just(1).traced(spans, as: "inner")
    _ = Flow.just(0).concatMap { _ in inner }.traced(spans, as: "outer").record(in: time)
    #expect(spans.lines.prefix(2) == ["0 begin outer", "0 begin inner in outer"])
  }

  @Test func `a stage may say something`() {
    let speaking = Flow<Int> { context in
      context.span?.event("cache", ["hit": "no"], at: context.now)
      return { _ in .finished }
    }
    _ = speaking.record(in: time)
    _ = speaking.traced(spans, as: "query").record(in: time)
    #expect(spans.lines == ["0 begin query", "0 query: cache hit=no", "0 end query: finished"])
  }
}
