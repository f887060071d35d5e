// Words out of texts.
import FlowTesting
import Flows
import Testing

@Suite struct WordsTests {
  let time = VirtualTime()
  let source = TestFlow<String>()

  @Test func `delivers the words of a text that comes in pieces`() throws {
    try marbles(
      """
      source   -x--y--z-|
      words()  ----a--b-(c|)
      """
    ) { $0.values("source", ["x": "a", "y": " b", "z": " c"]).words() }
  }

  @Test func `white space of any kind and length stands between words`() throws {
    let seen = Flow.from([" one", "\ttw", "o\n\n", "", "three\u{2003}four  "]).words().record(in: time)
    #expect(seen.elements == ["one", "two", "three", "four"])
    #expect(seen.end != nil)
  }

  @Test func `asks for one text at a time, and makes up for one without the end of a word`() throws {
    let seen = source.flow.words().record(in: time, demand: 1)
    source.send("a", "b c ", "d ")
    try seen.expect("ab")
    #expect(source.sent == 2)
    seen.request(2)
    try seen.expect("c", "d")
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `a failure discards the word that has begun`() throws {
    let discards = Discards()
    let seen = source.flow.words().telling(discards).record(in: time)
    source.send("a b")
    source.fail()
    try seen.expect("a")
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["b"])
    try source.expectReleased()
  }
}
