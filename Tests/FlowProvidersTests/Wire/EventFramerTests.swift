// Server-sent events, as the WHATWG wants them read.
import Testing

@testable import FlowProviders

@Suite struct EventFramerTests {
  struct Found: Equatable {
    var name: String
    var data: String
    var isWhole = true
  }

  private func frames(_ pieces: [String]) throws -> (events: [Found], comments: Int, stray: [String]) {
    var framer = EventFramer()
    var events: [Found] = []
    var comments = 0
    var stray: [String] = []
    func read(_ found: FoundFrame) {
      switch found {
      case .event(let name, let data, let isWhole):
        events.append(Found(name: name.string, data: String(decoding: data, as: UTF8.self), isWhole: isWhole))
      case .comment: comments += 1
      case .stray(let line): stray.append(String(decoding: line, as: UTF8.self))
      }
    }
    for piece in pieces { try Array(piece.utf8).withUnsafeBytes { try framer.feed($0, read) } }
    try framer.finish(read)
    return (events, comments, stray)
  }

  @Test func `takes one space off, and only one`() throws {
    let found = try frames(["data:a\n\ndata: b\n\ndata:  c\n\n"])
    #expect(found.events.map(\.data) == ["a", "b", " c"])
  }

  @Test func `joins lines of data, and takes a field without a colon as empty`() throws {
    #expect(try frames(["data: a\ndata\ndata: b\n\n"]).events == [Found(name: "", data: "a\n\nb")])
  }

  @Test func `an event without data is none, and leaves no name behind`() throws {
    #expect(try frames(["event: x\n\ndata: a\n\n"]).events == [Found(name: "", data: "a")])
  }

  @Test func `id and retry mean nothing here`() throws {
    #expect(try frames(["id: 7\nretry: 10\nevent: x\ndata: a\n\n"]).events == [Found(name: "x", data: "a")])
  }

  @Test func `takes a byte order mark off once`() throws {
    let found = try frames(["\u{FEFF}data: \u{FEFF}a\n\n"])
    #expect(found.events == [Found(name: "", data: "\u{FEFF}a")])
  }

  @Test(arguments: ["\n", "\r", "\r\n"])
  func `any line end ends a line, also when a piece ends within it`(end: String) throws {
    let text = "event: x\(end)data: a\(end)data: b\(end)\(end)data: c\(end)\(end)"
    let pieces = text.unicodeScalars.map { String($0) }
    let expected = [Found(name: "x", data: "a\nb"), Found(name: "", data: "c")]
    #expect(try frames([text]).events == expected)
    #expect(try frames(pieces).events == expected)
  }

  @Test func `mixed line ends are line ends`() throws {
    #expect(try frames(["data: a\r\ndata: b\rdata: c\n\r\ndata: d\r\r"]).events.map(\.data) == ["a\nb\nc", "d"])
  }

  @Test func `counts comments`() throws {
    #expect(try frames([": hi\n:\ndata: a\n\n: bye\n"]).comments == 3)
  }

  @Test func `delivers an event that is not closed, and says so`() throws {
    #expect(try frames(["data: a\n\ndata: b"]).events.map(\.isWhole) == [true, false])
    #expect(try frames(["data: a\n"]).events.map(\.isWhole) == [false])
  }

  @Test func `hands over what is no field`() throws {
    #expect(try frames(["{\n  \"error\": 1\n}\ndata: a\n\nInternal Server Error"]).stray == [
      "{", "  \"error\": 1", "}", "Internal Server Error",
    ])
  }

  @Test func `a character that is cut in two stays one`() throws {
    let bytes = Array("data: \u{1F30D}é\n\n".utf8)
    var framer = EventFramer()
    var data: [String] = []
    for byte in bytes {
      try [byte].withUnsafeBytes {
        try framer.feed($0) { if case .event(_, let bytes, _) = $0 { data.append(String(decoding: bytes, as: UTF8.self)) } }
      }
    }
    #expect(data == ["\u{1F30D}é"])
  }

  @Test func `refuses a line longer than 16 MiB, in linear time`() throws {
    var framer = EventFramer()
    let piece = [UInt8](repeating: 0x61, count: 1 << 20)
    try Array("data: ".utf8).withUnsafeBytes { try framer.feed($0) { _ in } }
    #expect(throws: LineTooLong.self) {
      for _ in 0..<17 { try piece.withUnsafeBytes { try framer.feed($0) { _ in } } }
    }
  }
}
