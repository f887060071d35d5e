// Server-sent events, wherever the bytes were cut.
import FlowHTTP
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite struct ServerSentEventsTests {
  typealias Event = ServerSentEvent

  static func message(
    _ data: Bytes, type: Bytes = Bytes(), id: Bytes = Bytes(), isComplete: Bool = true
  ) -> Event {
    .message(.init(data: data, type: type, lastEventID: id, isComplete: isComplete))
  }

  /// A text, and what it says. What the standard shows as examples comes first.
  static let texts: [(text: Bytes, events: [Event])] = [
    ("data: YHOO\ndata: +2\ndata: 10\n\n", [message("YHOO\n+2\n10")]),
    (
      ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
      [
        .comment("test stream"), message("first event", id: "1"), message("second event"),
        message(" third event"),
      ]
    ),
    ("data\n\ndata\ndata\n\ndata:", [message(""), message("\n"), message("", isComplete: false)]),
    ("data:test\n\ndata: test\n\n", [message("test"), message("test")]),
    (
      "event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\ndata: 1\n\n",
      [message("73857293", type: "add"), message("2153", type: "remove"), message("1")]
    ),
    // Fields of every kind.
    ("event: lost\n\ndata: a\n\n", [message("a")]),
    ("id: 7\n\ndata: a\n\ndata: b\n\n", [message("a", id: "7"), message("b", id: "7")]),
    ("id: a\u{0}b\ndata: x\n\n", [message("x")]),
    ("retry: 1500\nretry: 1s\nretry\nretry: -1\ndata: x\n\n", [.retry(.milliseconds(1500)), message("x")]),
    ("retry: 99999999999999999999\n", []),
    (
      "Data: no\ndata : no\ndat\ndatax: no\n\n",
      [.stray("Data: no"), .stray("data : no"), .stray("dat"), .stray("datax: no")]
    ),
    // Keep-alives.
    (
      ":\n\n: OPENROUTER PROCESSING\n\ndata: a\n: in between\ndata: b\n\n",
      [.comment(""), .comment("OPENROUTER PROCESSING"), .comment("in between"), message("a\nb")]
    ),
    // An error that is no event, after the events.
    (
      "data: a\n\n{\n  \"error\": {\n    \"code\": 429\n  }\n}\n",
      [
        message("a"), .stray("{"), .stray("  \"error\": {"), .stray("    \"code\": 429"), .stray("  }"),
        .stray("}"),
      ]
    ),
    ("{\"error\":\"text\"}", [.stray("{\"error\":\"text\"}")]),
    // Ends.
    ("", []), ("\n\n\n", []), ("data: a", [message("a", isComplete: false)]),
    ("data: a\n", [message("a", isComplete: false)]), ("data: [DONE]\n\n", [message("[DONE]")]),
    ("event: x", []), ("id: 1", []), (": bye", [.comment("bye")]),
    ("data: a\n\ndata: {\"cut\": tr", [message("a"), message("{\"cut\": tr", isComplete: false)]),
    // Text that is more than one byte a letter.
    ("data: Grüße, 𝄞 und €\n\n", [message("Grüße, 𝄞 und €")]),
  ]

  @Test func `delivers events, however they came`() throws {
    try marbles(
      """
      bytes             -A-B-|
      serverSentEvents  -a-b-|
      """,
      values: ["A": "data: 1\n\nda" as Bytes, "B": "ta: 2\n\n" as Bytes],
      results: ["a": Self.message("1"), "b": Self.message("2")]
    ) { $0.values("bytes", as: Bytes.self).serverSentEvents() }
  }

  @Test(arguments: Cuts.all, ["\n", "\r\n", "\r"] as [Bytes])
  func `says the same with all line ends wherever it was cut`(_ cuts: Cuts, _ lineEnd: Bytes) throws {
    for (text, events) in Self.texts {
      let bytes = text.withLineEnds(lineEnd)
      // A value of several lines is joined by line feeds, whatever was between them.
      #expect(try ServerSentEventDecoder().outputs(of: cuts(bytes)) == events, "\(text)")
      #expect(plainEvents(of: bytes) == events, "\(text)")
    }
  }

  @Test(arguments: 0..<200)
  func `says what a plain reader says of any text`(_ seed: UInt64) throws {
    // Made of what the decoder looks at, so that borders fall everywhere.
    let parts: [Bytes] = [
      "data", "data:", "data: x", ":", ": c", " ", "\n", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", "event: e",
      "id: 1",
      "retry: 5", "{", "}", "é", "\u{FEFF}", "dat", "a",
    ]
    var generator = SeededGenerator(seed: seed)
    var text: [UInt8] = []
    for _ in 0..<Int.random(in: 1...60, using: &generator) { text += parts.randomElement(using: &generator)! }
    let bytes = Bytes(text)
    for cuts in Cuts.all + [.random(count: 10, seed: seed)] {
      #expect(
        try ServerSentEventDecoder().outputs(of: cuts(bytes)) == plainEvents(of: bytes), "\(cuts): \(bytes)")
    }
  }

  @Test func `drops one byte order mark at the beginning, in pieces or not`() throws {
    let text: Bytes = "\u{FEFF}data: a\n\n\u{FEFF}data: b\n\n"
    for cuts in Cuts.all {
      #expect(
        try ServerSentEventDecoder().outputs(of: cuts(text)) == [
          Self.message("a"), .stray("\u{FEFF}data: b"),
        ])
    }
  }

  @Test func `an event is delivered with the line feed that ends it, not with the byte after`() throws {
    for end in ["\n\n", "\r\r", "\r\n\r"] as [Bytes] {
      var decoder = ServerSentEventDecoder()
      decoder.append(Bytes("data: a\(end)"))
      #expect(try decoder.next() == Self.message("a"), "\(Array(end))")
    }
  }

  @Test func `an event within a chunk is a slice of it`() throws {
    let chunk: Bytes = "data: abc\n\n"
    var decoder = ServerSentEventDecoder()
    decoder.append(chunk)
    let message = try #require(try decoder.next()?.message)
    chunk.withUnsafeBytes { chunk in
      message.data.withUnsafeBytes { data in #expect(data.baseAddress == chunk.baseAddress.map { $0 + 6 }) }
    }
  }

  // MARK: Limits

  @Test(arguments: Cuts.all)
  func `a line that is too long fails, however it was cut`(_ cuts: Cuts) throws {
    #expect(
      try ServerSentEventDecoder(atMost: 10).outputs(of: cuts("data: 1234\n\ndata: 5678\n\n")).count == 2)
    for text in [
      "data: 12345\n\n", "data: 12345\n", "data: 12345", ": 901234567\n", "strays too\n\nstrays too!",
    ] {
      #expect(throws: LineTooLong(limit: 10)) {
        try ServerSentEventDecoder(atMost: 10).outputs(of: cuts(Bytes(text)))
      }
    }
  }

  @Test func `an event of many lines has the same limit`() throws {
    let lines = [Bytes](repeating: "data: 1234\n", count: 100)
    #expect(throws: LineTooLong(limit: 100)) { try ServerSentEventDecoder(atMost: 100).outputs(of: lines) }
  }

  // MARK: As a flow

  @Test func `asks for one chunk at a time, and only when no event is left`() throws {
    let time = VirtualTime()
    let source = TestFlow<Bytes>()
    let seen = source.flow.serverSentEvents().record(in: time, demand: 0)
    #expect(source.asked == 0)
    seen.request(1)
    #expect(source.asked == 1)
    source.send("data: 1\n\ndata: 2\n\ndata: 3\n\nda")
    try seen.expect(Self.message("1"))
    #expect(source.askedInTotal == 1)
    seen.request(2)
    try seen.expect(Self.message("2"), Self.message("3"))
    #expect(source.askedInTotal == 1)
    seen.request(1)
    #expect(source.askedInTotal == 2)
    source.send("ta: 4\n\n")
    try seen.expect(Self.message("4"))
    seen.cancel()
    try seen.done()
    try source.expectReleased()
  }

  @Test func `completion needs no demand`() throws {
    let time = VirtualTime()
    let source = TestFlow<Bytes>()
    let seen = source.flow.serverSentEvents().record(in: time, demand: 1)
    source.send("data: 1\n\n")
    try seen.expect(Self.message("1"))
    source.finish()
    try seen.expectFinished()
    try seen.done()
    try source.expectReleased()
  }

  @Test func `an event that the end completes waits for demand`() throws {
    let time = VirtualTime()
    let source = TestFlow<Bytes>()
    let seen = source.flow.serverSentEvents().record(in: time, demand: 1)
    source.send("data: 1\n\ndata: 2")
    try seen.expect(Self.message("1"))
    source.finish()
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(Self.message("2", isComplete: false))
    try seen.expectFinished()
    try seen.done()
  }

  @Test func `a failure comes after the events before it, and completes none`() throws {
    let time = VirtualTime()
    let source = TestFlow<Bytes>()
    let seen = source.flow.serverSentEvents().record(in: time)
    source.send("data: 1\n\ndata: 2\n\ndata: 3")
    source.fail()
    try seen.expect(Self.message("1"), Self.message("2"))
    try seen.expectFailure(MarbleError.self)
    try seen.done()
    try source.expectReleased()
  }

  @Test func `a line that is too long lets the source go`() throws {
    let time = VirtualTime()
    let source = TestFlow<Bytes>()
    let seen = source.flow.serverSentEvents(atMost: 20).record(in: time)
    source.send("data: 1\n\n", "data: ", "more than twenty bytes")
    try seen.expect(Self.message("1"))
    try seen.expectFailure(LineTooLong.self)
    try seen.done()
    try source.expectReleased()
  }

  @Test func `a million events in one chunk overflow no stack`() async throws {
    let chunk = Bytes((0..<1_000_000).lazy.flatMap { _ in "data: x\n\n".utf8 })
    let count = try await Flow.just(chunk).serverSentEvents().reduce(0) { count, _ in count + 1 }
    #expect(count == 1_000_000)
  }

  // MARK: Real ones

  @Test(arguments: Cuts.all)
  func `real recordings say the same wherever they were cut, with all line ends`(_ cuts: Cuts) throws {
    guard let recordings = SharedRecordings() else { return print("no shared recordings: nothing compared") }
    let files = try recordings.files(ending: ".sse")
    #expect(files.count > 40)
    for (name, bytes) in files {
      let events = plainEvents(of: bytes)
      #expect(events.contains { $0.message != nil } || name.contains("failure"), "\(name)")
      #expect(try ServerSentEventDecoder().outputs(of: cuts(bytes)) == events, "\(name)")
      guard !events.contains(where: { $0.message?.data.contains(0x0D) == true }) else { continue }
      for lineEnd in ["\n", "\r\n", "\r"] as [Bytes] {
        let rewritten = try ServerSentEventDecoder().outputs(of: cuts(bytes.withLineEnds(lineEnd)))
        #expect(rewritten == events, "\(name)")
      }
    }
  }
}
