// Bytes into text, wherever they were cut.
import FlowTesting
import Flows
import Testing

@Suite struct DecodeUTF8Tests {
  let time = VirtualTime()
  let source = TestFlow<[UInt8]>()

  @Test func `delivers the text that the bytes stand for`() throws {
    try marbles(
      """
      source        -x-y-z-|
      decodeUTF8()  -a---b-|
      """, results: ["a": "a", "b": "ü"]
    ) { $0.values("source", ["x": Array("a".utf8), "y": [0xC3], "z": [0xBC]]).decodeUTF8() }
  }

  private static let texts: [[UInt8]] = [
    Array("aü€😀 grüße 👨‍👩‍👧".utf8), [0xE2, 0x82, 0x41], [0xE0, 0x80, 0x80], [0xF0, 0x9F, 0x98], [0xFF, 0xC3],
    [0x80, 0x80, 0x80, 0x80, 0x41], [0xF4, 0x90, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xC0, 0xAF, 0xC3, 0xBC],
  ]

  @Test(arguments: texts, 1...4) func `where the bytes were cut makes no difference`(bytes: [UInt8], by: Int)
    throws
  {
    let pieces = stride(from: 0, to: bytes.count, by: by).map { Array(bytes[$0..<min($0 + by, bytes.count)]) }
    let seen = Flow.from(pieces).decodeUTF8().record(in: time)
    #expect(seen.elements.joined() == String(decoding: bytes, as: UTF8.self))
    #expect(seen.end != nil)
  }

  @Test func `bytes that complete no character are made up for`() throws {
    let seen = source.flow.decodeUTF8().record(in: time, demand: 1)
    source.send([0xE2])
    source.send([0x82])
    try seen.expectNothing()
    #expect(source.asked == 1)
    source.send([0xAC])
    try seen.expect("€")
    #expect(source.asked == 0)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `a character that is not complete at the end waits for demand`() throws {
    let seen = source.flow.decodeUTF8().record(in: time, demand: 1)
    source.send([0x41, 0xE2])
    source.finish()
    try seen.expect("A")
    try seen.expectNothing()
    seen.request(1)
    try seen.expect("\u{FFFD}")
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `a failure discards the bytes of a character that is not complete`() throws {
    let discards = Discards()
    let seen = source.flow.decodeUTF8().telling(discards).record(in: time)
    source.send([0x41, 0xE2, 0x82])
    source.fail()
    try seen.expect("A")
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["226", "130"])
    try source.expectReleased()
  }
}
