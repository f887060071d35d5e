// What is true of bytes, lines and frames, whatever the protocol.
import FlowHTTP
import Testing

@testable import FlowProviders

@Suite struct EdgeCaseTests {
  private let text = #"data: {"id":"a","choices":[{"index":0,"delta":{"content":"Grüße 🌍"}}]}"#
  private let end = #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
  private let done = "data: [DONE]"

  private func seen(_ pieces: [[UInt8]], _ wire: WireProtocol = .openAIChat) -> [ChatEvent] {
    var decoder = ChatDecoder(wire)
    return pieces.flatMap { decoder.decode($0) } + decoder.finish()
  }

  private func body(_ lineEnd: String) -> [UInt8] {
    Array([text, end, done].map { $0 + lineEnd + lineEnd }.joined().utf8)
  }

  @Test func `a character that is cut between two reads stays whole`() {
    let bytes = body("\n")
    for cut in bytes.indices {
      #expect(seen([Array(bytes[..<cut]), Array(bytes[cut...])]).response.text == "Grüße 🌍")
    }
  }

  @Test func `an event may be cut anywhere, and many may come in one read`() {
    let whole = seen([body("\n")])
    #expect(
      whole.names == [
        "started", "roundStarted", "textStarted", "textDelta", "textEnded", "roundEnded", "finished",
      ])
    #expect(seen(body("\n").map { [$0] }) == whole)
  }

  @Test(arguments: ["\n", "\r", "\r\n"])
  func `any line end ends a line, also when a read ends within it`(lineEnd: String) {
    let whole = seen([body("\n")])
    let bytes = body(lineEnd)
    #expect(seen([bytes]) == whole)
    for cut in bytes.indices { #expect(seen([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
  }

  @Test func `line ends may be mixed`() {
    let mixed = "\(text)\r\n\n\(end)\r\r\n\(done)\n\r"
    #expect(seen([Array(mixed.utf8)]) == seen([body("\n")]))
  }

  @Test func `a byte order mark at the start is taken off, once`() {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    #expect(seen([mark + body("\n")]) == seen([body("\n")]))
    #expect(seen(mark.map { [$0] } + [body("\n")]) == seen([body("\n")]))
    let lines = mark + Array("{\"response\":\"Hi\",\"done\":true}\n".utf8)
    #expect(seen([lines], .ollama).response.text == "Hi")
  }

  @Test func `the space behind the colon may be missing or doubled, and a field may have no colon`() {
    for space in ["", " ", "  "] {
      let bytes = [text, end, done].map { $0.replacing("data: ", with: "data:\(space)") + "\n\n" }.joined()
      #expect(seen([Array(bytes.utf8)]) == seen([body("\n")]))
    }
    #expect(seen([Array("data\n\n".utf8) + body("\n")]) == seen([body("\n")]))
  }

  @Test func `data may have several lines, and events names, ids and waits without data`() {
    let parts = #"""
      event: first
      id: 1
      retry: 3000

      id: 2
      data: {"id":"a","choices":
      data:   [{"index":0,"delta":{"content":"Grüße 🌍"}}]
      data: }

      event: nothing


      """#
    #expect(seen([Array((parts + "\(end)\n\n\(done)\n\n").utf8)]) == seen([body("\n")]))
  }

  @Test func `keep-alive comments are heartbeats, before, between and within events`() {
    let bytes = ": a\n\n\(text)\n: b\n\n:\n\n\(end)\n\n\(done)\n\n"
    let seen = seen([Array(bytes.utf8)])
    #expect(seen.count { $0 == .heartbeat } == 3)
    #expect(seen.filter { $0 != .heartbeat } == self.seen([body("\n")]))
  }

  @Test(arguments: WireProtocol.all.map(\.name))
  func `unknown fields, events and reasons pass, in every protocol`(name: String) throws {
    let wire = try #require(WireProtocol(named: name))
    let frames: [String] =
      switch name {
      case "openai-chat":
        [
          #"{"odd":{"a":[1]},"choices":[{"odd":1,"index":0,"delta":{"odd":2,"content":"Hi"},"finish_reason":"odd"}]}"#,
          "[DONE]",
        ]
      case "openai-responses":
        [
          #"{"type":"response.odd","odd":1}"#,
          #"{"type":"response.output_text.delta","output_index":0,"delta":"Hi","odd":1}"#,
          #"{"type":"response.output_item.done","output_index":1,"item":{"type":"odd"}}"#,
          #"{"type":"response.incomplete","response":{"incomplete_details":{"reason":"odd"}}}"#,
        ]
      case "anthropic":
        [
          #"{"type":"message_start","message":{"id":"m"}}"#, #"{"type":"odd"}"#,
          #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":"Hi","odd":1}}"#,
          #"{"type":"content_block_stop","index":0}"#,
          #"{"type":"message_delta","delta":{"stop_reason":"odd"}}"#,
          #"{"type":"message_stop"}"#,
        ]
      case "ollama": [#"{"odd":1,"message":{"content":"Hi","odd":2},"done":true,"done_reason":"odd"}"#]
      case "lmstudio":
        [
          #"{"type":"chat.start"}"#, #"{"type":"odd.start"}"#, #"{"type":"message.delta","content":"Hi"}"#,
          #"{"type":"chat.end","result":{}}"#,
        ]
      case "tgi":
        [
          #"{"odd":1,"token":{"text":"Hi","odd":2},"generated_text":"Hi","details":{"finish_reason":"odd"}}"#
        ]
      case "gemini":
        [
          #"{"odd":1,"candidates":[{"content":{"parts":[{"text":"Hi"},{"odd":1}]},"finishReason":"odd"}]}"#
        ]
      default:
        [
          #"{"type":"message-start"}"#, #"{"type":"odd"}"#,
          #"{"type":"content-delta","index":0,"delta":{"message":{"content":{"text":"Hi","odd":1}}}}"#,
          #"{"type":"message-end","delta":{"finish_reason":"odd"}}"#,
        ]
      }
    let text = frames.map { wire.framing == .events ? "data: \($0)\n\n" : "\($0)\n" }.joined()
    let seen = decode(wire, text)
    #expect(seen.response.text == "Hi")
    #expect(seen.warnings.isEmpty)
    #expect(seen.finish?.reason == (name == "lmstudio" ? .stop : .other("odd")))
  }
}
