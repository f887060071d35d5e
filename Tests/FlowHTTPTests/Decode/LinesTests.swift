// Lines, wherever the bytes were cut.
import FlowHTTP
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite struct LinesTests {
  /// What a careful reader makes of bytes, with no thought of chunks.
  static func reference(_ bytes: Bytes) -> [Line] {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { line in
      Line(line.last == 0x0D ? line.dropLast() : line)
    }
    let rest = lines.removeLast()
    // A carriage return at the very end may be half of a line end, or belong to the line: there, it is the former.
    if bytes.last != 0x0A, !bytes.isEmpty { lines.append(Line(rest.bytes, isTerminated: false)) }
    return lines
  }

  @Test func `delivers lines, and marks the last when it has no end`() throws {
    try marbles(
      """
      bytes  -A-B-|
      lines  -a-b-(c|)
      """,
      values: ["A": "1\n2" as Bytes, "B": "3\r\n4" as Bytes],
      results: ["a": Line("1"), "b": Line("23"), "c": Line("4", isTerminated: false)]
    ) { $0.values("bytes", as: Bytes.self).lines() }
  }

  @Test(arguments: Cuts.all)
  func `delivers the same wherever the bytes were cut`(_ cuts: Cuts) throws {
    let texts: [Bytes] = [
      "", "\n", "\r\n", "a", "a\n", "a\nb", "a\r\nb\r\n", "\n\n\na\n\n", "a\rb\nc", "\r\r\n\r\n\nx\r\r\n",
      "Grüße\nπ\n€uro, 𝄞\n",
    ]
    for text in texts {
      #expect(try LineDecoder().outputs(of: cuts(text)) == Self.reference(text), "\(text)")
    }
  }

  @Test func `a lone carriage return ends a line where it is told to`() throws {
    for cuts in Cuts.all {
      let decoder = LineDecoder(endingWith: .any)
      #expect(try decoder.outputs(of: cuts("a\rb\r\nc\n\rd\r")) == ["a", "b", "c", "", "d"].map { Line($0) })
    }
  }

  @Test func `drops a byte order mark before the first line only`() throws {
    let text: Bytes = "\u{FEFF}a\n\u{FEFF}b\n"
    for cuts in Cuts.all {
      #expect(try LineDecoder().outputs(of: cuts(text)) == [Line("a"), Line("\u{FEFF}b")])
    }
  }

  @Test func `fails at a line that is too long, after the lines before it`() throws {
    let time = VirtualTime()
    let seen = Flow.from(["ab\nabc\nab" as Bytes, "cd\n"]).lines(atMost: 3).record(in: time)
    try seen.expect(Line("ab"), Line("abc"))
    #expect(try seen.expectFailure(LineTooLong.self).limit == 3)
    try seen.done()
  }

  @Test(arguments: Cuts.all)
  func `the limit is on the line, however it was cut`(_ cuts: Cuts) throws {
    #expect(try LineDecoder(atMost: 20).outputs(of: cuts("12345678901234567890\nx")).count == 2)
    #expect(throws: LineTooLong(limit: 20)) {
      try LineDecoder(atMost: 20).outputs(of: cuts("123456789012345678901\nx"))
    }
    #expect(throws: LineTooLong(limit: 20)) {
      try LineDecoder(atMost: 20).outputs(of: cuts("a\n123456789012345678901"))
    }
  }

  @Test func `a line of 16 MiB comes whole, a longer one does not`() throws {
    let part = Bytes([UInt8](repeating: 0x61, count: 64 << 10))
    let chunks = [Bytes](repeating: part, count: 256)
    let lines = try LineDecoder().outputs(of: chunks + ["\nb"])
    #expect(lines.map(\.bytes.count) == [16 << 20, 1])
    #expect(throws: LineTooLong(limit: 16 << 20)) { try LineDecoder().outputs(of: chunks + ["a", "\nb"]) }
  }

  @Test func `feeding before reading loses nothing`() throws {
    var decoder = LineDecoder()
    decoder.append("a\nb")
    decoder.append("c\nd\n")
    #expect(try decoder.next() == Line("a"))
    decoder.append("e\n")
    var rest: [Line] = []
    while let line = try decoder.next() { rest.append(line) }
    #expect(rest == [Line("bc"), Line("d"), Line("e")])
  }

  @Test func `JSON lines leave out what is blank`() throws {
    let time = VirtualTime()
    let seen = Flow.from(["{\"a\":1}\n\n \t\r\n{\"b\":2}\n" as Bytes, "  "]).jsonLines().record(in: time)
    try seen.expect(Line("{\"a\":1}"), Line("{\"b\":2}"))
    try seen.expectFinished()
    try seen.done()
  }

  @Test(arguments: Cuts.all)
  func `real recordings come out the same wherever they were cut`(_ cuts: Cuts) throws {
    guard let recordings = SharedRecordings() else { return print("no shared recordings: nothing compared") }
    for (name, bytes) in try recordings.files(ending: ".ndjson") + recordings.files(ending: ".chunks.txt") {
      #expect(try LineDecoder().outputs(of: cuts(bytes)) == Self.reference(bytes), "\(name)")
    }
  }
}
