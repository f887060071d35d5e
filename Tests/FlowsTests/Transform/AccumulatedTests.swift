// A text that grows.
import FlowTesting
import Flows
import Testing

@Suite struct AccumulatedTests {
  let time = VirtualTime()

  @Test func `delivers the whole text so far`() throws {
    try marbles(
      """
      source         -a-b-c-|
      accumulated()  -x-y-z-|
      """,
      results: ["x": "a", "y": "ab", "z": "abc"]
    ) { $0["source"].accumulated() }
  }

  @Test func `asks for one piece at a time`() throws {
    let source = TestFlow<String>()
    let seen = source.flow.accumulated().record(in: time, demand: 2)
    #expect(source.asked == 1)
    source.send("a", "b", "c")
    try seen.expect("a", "ab")
    #expect(source.sent == 2)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `a failure comes after what came before`() throws {
    let seen = Flow.from(["a", "b"]).append(.fail(MarbleError())).accumulated().record(in: time)
    try seen.expect("a", "ab")
    try seen.expectFailure(MarbleError.self)
  }

  /// A copy for each piece would move fifty gigabytes here.
  @Test func `a text that nobody keeps grows in its place`() throws {
    let piece = String(repeating: "x", count: 1000)
    let length = Counter()
    let subscription = Flow.from(repeatElement(piece, count: 10_000)).accumulated().subscribe { text in
      length.add(text.utf8.count - length.count)
    }
    #expect(subscription.isEnded && length.count == 10_000_000)
  }
}
