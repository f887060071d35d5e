// Diagrams of live runs.
import FlowTesting
import Testing

@testable import Flows

@Suite struct TraceTests {
  private let pages = Journal<String>()
  private let time = VirtualTime()
  private let source = TestFlow<String>()

  private func traced(_ flow: Flow<String>) -> Flow<String> {
    flow.trace("answer") { [pages] in pages.note($0) }
  }

  @Test func `changes nothing that passes, and draws it`() throws {
    try marbles(
      """
      source  -a-b-|
      trace   -a-b-|
      """
    ) { traced($0["source"]) }
    #expect(
      pages.entries == [
        """
        answer        -a-b-|
        asked answer  *-----
        """
      ])
  }

  @Test func `draws demand, groups, waits and stalls`() {
    let seen = traced(source.flow).record(in: time, demand: 2)
    time.advance(by: .milliseconds(1))
    source.send("a", "b")
    time.advance(by: .milliseconds(150))
    seen.request(12)
    time.advance(by: .milliseconds(3))
    source.send("Hello")
    time.advance(by: .milliseconds(2))
    source.fail()
    #expect(
      pages.entries == [
        """
        answer        -(ab) 146ms ---A-#
        asked answer  2---- 146ms +-----
          + = 12
          A = Hello
          # = \(MarbleError())
          stalled once, for 0.15 seconds in all
        """
      ])
    _ = seen
  }

  @Test func `draws a diagram that says what happened`() throws {
    try marbles(
      """
      source  -a--(bc)-----d 100ms e-|
      trace   -a--(bc)-----d 100ms e-|
      """
    ) { traced($0["source"]) }
    let rows = try #require(pages.entries.first).split(separator: "\n")
    try marbles("source  -a--(bc)-----d 100ms e-|\n\(rows[0])") { $0["source"] }
  }

  @Test func `draws a cancellation`() {
    let seen = traced(source.flow).record(in: time)
    time.advance(by: .milliseconds(2))
    seen.cancel()
    #expect(pages.entries == ["answer        --!\nasked answer  *--"])
  }

  @Test func `begins a new diagram when one is long`() {
    let seen = traced(source.flow).record(in: time)
    for number in 1...60 {
      source.send("token \(number)")
      time.advance(by: .milliseconds(1))
    }
    source.finish()
    #expect(pages.count == 2)
    #expect(pages.entries[0].contains("  z = token 52"))
    #expect(pages.entries[1].hasPrefix("answer        ABCDEFGH|\n"))
    _ = seen
  }

  @Test func `says how full a buffer is`() {
    let seen = traced(source.flow.buffer(4, whenFull: .backpressure)).record(in: time, demand: 1)
    time.advance(by: .milliseconds(1))
    source.send("a", "b", "c")
    time.advance(by: .milliseconds(3))
    seen.request(2)
    time.advance(by: .milliseconds(1))
    source.finish()
    #expect(
      pages.entries == [
        """
        answer            -a--(bc)|
        asked answer      1---2----
        buffer of answer  -2--0----
          stalled once, for 0.003 seconds in all
        """
      ])
  }

  @Test func `gives letters only once`() {
    let seen = traced(source.flow).record(in: time)
    source.send("A", "some", "B", "C")
    source.finish()
    #expect(
      pages.entries == [
        """
        answer        (ABCD|)
        asked answer  *------
          B = some
          C = B
          D = C
        """
      ])
    _ = seen
  }

  @Test func `takes the name that is given further down`() {
    _ = Flow.just("a").trace { [pages] in pages.note($0) }.named("query").record(in: time)
    #expect(pages.entries == ["query        (a|)\nasked query  *---"])
  }
}
