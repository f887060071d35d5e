// Lines out of texts.
import FlowTesting
import Flows
import Testing

@Suite struct LinesTests {
  let time = VirtualTime()
  let source = TestFlow<String>()

  @Test func `delivers the lines of a text that comes in pieces`() throws {
    try marbles(
      """
      source   -x--y--z-|
      lines()  -a--b----(c|)
      """
    ) { $0.values("source", ["x": "a\nb", "y": "\n", "z": "c"]).lines() }
  }

  @Test(arguments: 1...4) func `where the text was cut makes no difference`(length: Int) throws {
    let text = "eins\r\n\nzwei\u{301}\r\r\n\r\ndrei"
    let scalars = Array(text.unicodeScalars)
    let pieces = stride(from: 0, to: scalars.count, by: length).map { start in
      var piece = String.UnicodeScalarView()
      piece.append(contentsOf: scalars[start..<min(start + length, scalars.count)])
      return String(piece)
    }
    let seen = Flow.from(pieces).lines().record(in: time)
    #expect(seen.elements == ["eins", "", "zwei\u{301}\r", "", "drei"])
    #expect(seen.end != nil)
  }

  @Test func `an empty text has no line, and a line end at the end begins none`() throws {
    #expect(Flow.from(["", ""]).lines().record(in: time).elements == [])
    #expect(Flow.from(["a\n"]).lines().record(in: time).elements == ["a"])
    #expect(Flow.from(["\n"]).lines().record(in: time).elements == [""])
  }

  @Test func `asks for one text at a time, when no line is left`() throws {
    let seen = source.flow.lines().record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send("a\nb\nc", "d\n")
    try seen.expect("a")
    #expect(source.sent == 1)
    seen.request(1)
    try seen.expect("b")
    #expect(source.sent == 1)
    seen.request(1)
    try seen.expect("cd")
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `completes without demand when no line is left`() throws {
    let seen = source.flow.lines().record(in: time, demand: 1)
    source.send("a\n")
    source.finish()
    try seen.expect("a")
    try seen.expectFinished()
  }

  @Test func `a failure comes after the lines, and discards the line that has begun`() throws {
    let discards = Discards()
    let seen = source.flow.lines().telling(discards).record(in: time, demand: 1)
    source.send("a\nb\nc")
    source.fail()
    try seen.expect("a")
    seen.request(5)
    try seen.expect("b")
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["c"])
    try source.expectReleased()
  }

  @Test func `cancelled, it discards what it holds`() throws {
    let discards = Discards()
    let seen = source.flow.lines().telling(discards).record(in: time, demand: 1)
    source.send("a\nb\nc")
    seen.cancel()
    #expect(discards.all(.ended).sorted() == ["b", "c"])
    try source.expectReleased()
  }
}
