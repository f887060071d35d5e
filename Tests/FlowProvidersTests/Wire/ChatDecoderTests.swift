// What all protocols share.
import Testing

@testable import FlowProviders

@Suite struct ChatDecoderTests {
  private let chunk = #"{"id":"a","model":"m","choices":[{"index":0,"delta":{"content":"Hi"}}]}"#
  private let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#

  @Test func `tells exactly one terminal, and nothing after it, whatever follows`() {
    let seen = decode(.openAIChat, events(chunk, end, "[DONE]", "[DONE]", chunk, "junk") + "<html>")
    #expect(seen.terminals == 1)
    #expect(
      seen.names == [
        "started", "roundStarted", "textStarted", "textDelta", "textEnded", "roundEnded", "finished",
      ])
  }

  @Test func `after the terminal it takes no more bytes and has no second end`() {
    var decoder = ChatDecoder(.openAIChat)
    _ = decoder.decode(Array(events(chunk, end, "[DONE]").utf8))
    #expect(decoder.isEnded && decoder.isComplete)
    #expect(decoder.decode(Array(events(chunk).utf8)).isEmpty)
    #expect(decoder.finish().isEmpty)
  }

  @Test func `an end mark with junk behind it is an end mark`() {
    #expect(decode(.openAIChat, events(chunk, end, "[DONE] ")).finish?.reason == .stop)
    #expect(decode(.openAIChat, events(chunk, end, "[DONE]\u{0}xyz")).finish?.reason == .stop)
  }

  @Test func `the end of the bytes without a positive end sign is never success`() {
    let seen = decode(.openAIChat, events(chunk))
    #expect(seen.failure?.kind == .truncated)
    #expect(seen.failure?.isRetryable == true)
    #expect(seen.failure?.emitted.text == 2)
    #expect(seen.response.text == "Hi")
    #expect(decode(.openAIChat, "").failure?.kind == .truncated)
  }

  @Test func `a finish without the end mark is success with a warning`() {
    let seen = decode(.openAIChat, events(chunk, end))
    #expect(seen.finish?.reason == .stop)
    #expect(seen.warnings == [.missingEndMark])
  }

  @Test func `an end mark without a finish is success with a warning`() {
    let seen = decode(.openAIChat, events(chunk, "[DONE]"))
    #expect(seen.finish?.reason == .stop)
    #expect(seen.warnings == [.missingFinish])
  }

  @Test func `an end mark before any chunk is a violation`() {
    #expect(decode(.openAIChat, events("[DONE]")).failure?.kind == .protocolViolation)
  }

  @Test func `the last event need not be closed, but that is warned of`() {
    let seen = decode(
      .anthropic,
      #"data: {"type":"message_start","message":{"id":"m"}}"# + "\n\ndata: {\"type\":\"message_stop\"}")
    #expect(seen.finish != nil)
    #expect(seen.warnings == [.unterminatedEvent])
  }

  @Test func `a last event that is cut off is a cut, not a malformed frame`() {
    let seen = decode(.openAIChat, events(chunk) + #"data: {"choices":[{"ind"#)
    #expect(seen.failure?.kind == .truncated)
    #expect(seen.warnings.isEmpty)
  }

  @Test func `comments and pings are heartbeats`() {
    let seen = decode(
      .openAIChat, ": OPENROUTER PROCESSING\n\n: keep-alive\n\n\n\n" + events(chunk, end, "[DONE]"))
    #expect(seen.names.prefix(2) == ["heartbeat", "heartbeat"])
    #expect(seen.response.text == "Hi")
  }

  @Test func `a malformed frame is left out with a warning, as often as is tolerated`() {
    let bad = #"{"choices":[}"#
    let seen = decode(.openAIChat, events(chunk, bad, chunk, end, "[DONE]"))
    #expect(seen.response.text == "HiHi")
    #expect(seen.warnings == [.malformedFrame])
    let many = decode(.openAIChat, events(chunk, bad, bad, bad, end), tolerance: .lenient(upTo: 2))
    #expect(many.failure?.kind == .protocolViolation)
    #expect(many.warnings == [.malformedFrame, .malformedFrame])
  }

  @Test func `strictly, the first malformed frame fails the answer`() {
    let seen = decode(.openAIChat, events(chunk, "{]", chunk, end, "[DONE]"), tolerance: .strict)
    #expect(seen.failure?.kind == .protocolViolation)
    #expect(seen.failure?.bodySnippet == "{]")
    #expect(seen.response.text == "Hi")
  }

  @Test func `half a surrogate pair costs one character, not the frame`() {
    let seen = decode(
      .openAIChat, events(#"{"choices":[{"delta":{"content":"a\ud83d"},"finish_reason":"stop"}]}"#))
    #expect(seen.response.text == "a\u{FFFD}")
  }

  @Test func `text where JSON belongs is the server's error`() {
    let seen = decode(.openAIChat, events(chunk, "rate limit exceeded, try again in 7s"))
    #expect(seen.failure?.kind == .rateLimited)
    #expect(seen.failure?.emitted.text == 2)
    #expect(decode(.openAIChat, events("something broke")).failure?.kind == .serverError)
  }

  @Test(arguments: [
    #"data: {"error":{"message":"no","code":503}}"#, #"data: {"error":"no"}"#,
    "event: error\ndata: {\"message\":\"no\"}", "event: error\ndata: no",
    #"data: {"type":"error","message":"no","code":"server_error"}"#,
  ])
  func `an error frame fails the answer once, whatever follows`(frame: String) {
    let seen = decode(.openAIChat, events(chunk) + frame + "\n\n" + events("[DONE]", chunk))
    #expect(seen.terminals == 1)
    #expect(seen.failure?.message == "no")
    #expect(seen.response.text == "Hi")
  }

  @Test func `an error that says nothing is no error`() {
    let seen = decode(
      .openAIChat, events(chunk, #"{"error":null,"choices":[{"delta":{"content":"!"}}]}"#, end))
    #expect(seen.response.text == "Hi!")
  }

  @Test func `a JSON error instead of a stream is found`() {
    let body = """
      {
        "error": {"message": "The key is wrong", "type": "invalid_request_error", "code": "invalid_api_key"}
      }
      """
    for wire in WireProtocol.all where wire.name != "ollama" {
      let seen = decode(wire, body)
      #expect(seen.failure?.kind == .authentication, "\(wire.name)")
      #expect(seen.count == 1)
    }
  }

  @Test func `a page of a gateway instead of a stream is found`() {
    let seen = decode(.openAIChat, "<html><body><h1>502 Bad Gateway</h1></body></html>\n")
    #expect(seen.failure?.kind == .badGateway)
    #expect(seen.failure?.bodySnippet?.contains("502 Bad Gateway") == true)
  }

  @Test func `text instead of a stream is a violation`() {
    let seen = decode(.openAIChat, "Internal Server Error\n")
    #expect(seen.failure?.kind == .protocolViolation)
    #expect(seen.failure?.bodySnippet == "Internal Server Error\n")
  }

  @Test func `a complete answer that was not streamed is an answer`() {
    let body = """
      {"id": "x", "model": "m", "object": "chat.completion",
       "choices": [{"index": 0, "message": {"role": "assistant", "content": "Hi"}, "finish_reason": "stop"}],
       "usage": {"prompt_tokens": 3, "completion_tokens": 1, "total_tokens": 4}}
      """
    let seen = decode(.openAIChat, body)
    #expect(seen.response.text == "Hi")
    #expect(seen.response.usage?.totalTokens == 4)
    #expect(seen.warnings.isEmpty)
  }

  @Test func `lines without event framing are understood as events`() {
    #expect(decode(.openAIChat, chunk + "\n" + end + "\n").response.text == "Hi")
    #expect(decode(.openAIChat, chunk + "\n" + end, framing: .jsonLines).finish?.reason == .stop)
    #expect(decode(.openAIChat, "data: \(chunk)\ndata: \(end)\n", framing: .jsonLines).response.text == "Hi")
  }

  @Test func `frames that somebody else has cut are decoded too`() {
    var decoder = ChatDecoder(.anthropic)
    var seen = decoder.decode(Frame(name: "message_start", #"{"type":"message_start","message":{"id":"m"}}"#))
    seen += decoder.decode(Frame(name: "ping", #"{"type":"ping"}"#))
    seen += decoder.decode(Frame(#"{"type":"message_stop"}"#))
    #expect(
      (seen + decoder.finish()).names == ["started", "roundStarted", "heartbeat", "roundEnded", "finished"])
  }

  @Test func `a line that is too long fails the answer`() {
    var decoder = ChatDecoder(.ollama)
    let seen = decoder.decode([UInt8](repeating: 0x20, count: (16 << 20) + 1))
    #expect(seen.failure?.kind == .protocolViolation)
  }

  @Test func `copies of a decoder go on by themselves`() {
    var decoder = ChatDecoder(.openAIChat)
    _ = decoder.decode(Array(events(chunk).utf8))
    var other = decoder
    _ = other.finish()
    #expect(decode(decoder, events(end, "[DONE]")).finish?.reason == .stop)
    #expect(other.isEnded && !decoder.isEnded)
  }

  @Test func `every protocol is found by its name`() {
    #expect(
      WireProtocol.all.map(\.name) == [
        "openai-chat", "openai-responses", "anthropic", "ollama", "lmstudio", "tgi", "gemini", "cohere",
      ])
    for wire in WireProtocol.all { #expect(WireProtocol(named: wire.name)?.name == wire.name) }
    #expect(WireProtocol(named: "nothing") == nil)
  }

  @Test func `random bytes never trap, and end in one terminal`() {
    var random = SeededRandom(3)
    let words = [
      "data: ", "{", "}", "[", "]", "\"", ":", ",", "\n", "\n\n", "\r", "event: ", "choices", "null", "1",
      "\\u",
      "[DONE]", "type", "error", "delta", "\u{1F30D}", "<",
    ]
    for _ in 0..<400 {
      let text = (0..<Int.random(in: 0..<60, using: &random)).map { _ in words.randomElement(using: &random)!
      }.joined()
      for wire in WireProtocol.all {
        let seen = decode(wire, text)
        #expect(seen.terminals == 1 && seen.last?.isTerminal == true, "\(wire.name): \(text)")
      }
    }
  }

  @Test(arguments: [
    (
      WireProtocol.openAIChat.name, #"{"code":400,"message":"Too hot","type":"Bad Request"}"#,
      ProviderError.Kind.invalidRequest
    ),
    ("openai-chat", #"{"detail":"Invalid API Key"}"#, .authentication),
    ("openai-responses", #"{"detail":"Could not parse your authentication token."}"#, .authentication),
    ("cohere", #"{"id":"x","message":"model 'm' not found"}"#, .modelNotFound),
    ("ollama", #"{"message":"no such model"}"#, .modelNotFound),
  ])
  func `a bare object that no protocol knows is why there is no answer`(
    name: String, body: String, kind: ProviderError.Kind
  ) throws {
    let wire = try #require(WireProtocol(named: name))
    let seen = decode(wire, body)
    #expect(seen.failure?.kind == kind)
    #expect(seen.failure?.bodySnippet == body)
  }

  @Test func `the last line need not end, and that is not odd`() {
    let seen = decode(.ollama, #"{"message":{"content":"Hi"},"done":true,"done_reason":"stop"}"#)
    #expect(seen.response.text == "Hi")
    #expect(seen.warnings.isEmpty)
    #expect(decode(.ollama, "Internal Server Error").failure?.kind == .serverError)
  }
}
