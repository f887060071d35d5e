// Recordings as text, there and back.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite struct HTTPRecordingTests {
  typealias Event = HTTPRecording.Event

  static let shown = """
    flow-recording 1
    request POST https://example.com/v1/chat/completions
    header Authorization: [redacted]
    body {"model":"small","stream":true}
    81.203 status 200
    header Content-Type: text/event-stream
    95.310 data data: {"choices":[{"delta":{"content":"Hi"}}]}\\n\\n
    99.871 end

    """

  static let exchange = HTTPRecording.Exchange(
    HTTPRequest(
      "POST", "https://example.com/v1/chat/completions", headers: ["Authorization": "[redacted]"],
      body: #"{"model":"small","stream":true}"#),
    [
      Event(
        after: .microseconds(81203),
        .head(HTTPHead(status: 200, headers: ["Content-Type": "text/event-stream"]))),
      Event(
        after: .microseconds(95310), .body("data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"}}]}\n\n")),
      Event(after: .microseconds(99871), .end(.finished)),
    ])

  @Test func `is the text that the documentation shows`() throws {
    let recording = HTTPRecording([Self.exchange])
    #expect(String(recording.text) == Self.shown)
    #expect(try HTTPRecording(reading: Bytes(Self.shown)) == recording)
  }

  @Test func `any bytes come back as they were, cut as they were`() throws {
    let body = Bytes((0...255).map { UInt8($0) } + Array("Grüße 𝄞 \\n \\\\ \r\n".utf8))
    for cuts in Cuts.all {
      let pieces = cuts(body)
      let exchange = HTTPRecording.Exchange(
        HTTPRequest("PUT", "http://a/b?c=d", headers: ["A": "", "B": " x: y "], body: body), pieces: pieces,
        every: .microseconds(1500))
      let recording = HTTPRecording([exchange, exchange])
      #expect(try HTTPRecording(reading: recording.text) == recording)
    }
  }

  @Test func `every end comes back`() throws {
    let ends: [HTTPRecording.End] = [
      .finished, .left, .failed(.invalidRequest("a b")), .failed(.connect("")), .failed(.tls("x\ny")),
      .failed(.timeout(.firstByte, after: .milliseconds(1500))), .failed(.closed("reset by peer")),
      .failed(.protocolViolation("ä")), .failed(.tooLarge(limit: 17)), .failed(.transport("?")),
    ]
    for end in ends {
      let exchange = HTTPRecording.Exchange(HTTPRequest("GET", "http://a"), [Event(after: .zero, .end(end))])
      #expect(try HTTPRecording(reading: HTTPRecording([exchange]).text).exchanges == [exchange])
    }
  }

  @Test func `what is UTF-8 stays readable`() throws {
    let exchange = HTTPRecording.Exchange(
      HTTPRequest("GET", "http://a"),
      pieces: [Bytes("Grüße".utf8.prefix(3)), Bytes("Grüße".utf8.dropFirst(3))])
    let lines = String(exchange.text).split(separator: "\n")
    #expect(lines.dropFirst(2).prefix(2) == ["0.000 data Gr\\xC3", "0.000 data \\xBC\u{DF}e"])
  }

  @Test func `comments, blank lines and other line ends are no matter`() throws {
    let text = "flow-recording 1\r\n# by hand\r\n\r\nrequest GET http://a\r\n5 status 204\r\n7.5 end\r\n"
    let recording = try HTTPRecording(reading: Bytes(text))
    #expect(
      recording.exchanges == [
        HTTPRecording.Exchange(
          HTTPRequest("GET", "http://a"),
          [
            Event(after: .milliseconds(5), .head(HTTPHead(status: 204))),
            Event(after: .microseconds(7500), .end(.finished)),
          ])
      ])
  }

  @Test func `what makes no sense is named by its line`() {
    let wrong: [(String, Int)] = [
      ("", 1), ("flow-recording 2\n", 1), ("flow-recording 1\n5 end\n", 2),
      ("flow-recording 1\nrequest GET\n", 2), ("flow-recording 1\nrequest GET http://a\nx end\n", 3),
      ("flow-recording 1\nrequest GET http://a\n1.2345 end\n", 3),
      ("flow-recording 1\nrequest GET http://a\n-1 end\n", 3),
      ("flow-recording 1\nrequest GET http://a\n1 data \\q\n", 3),
      ("flow-recording 1\nrequest GET http://a\n1 data \\xZ1\n", 3),
      ("flow-recording 1\nrequest GET http://a\n1 end\nheader A: b\n", 4),
      ("flow-recording 1\nrequest GET http://a\n1 failed somehow x\n", 3),
    ]
    for (text, line) in wrong {
      let error = #expect(throws: HTTPRecordingError.self) { try HTTPRecording(reading: Bytes(text)) }
      #expect(error?.line == line, "\(text)")
    }
  }
}
