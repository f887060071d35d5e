// Cohere's events.
import Testing

@testable import FlowProviders

@Suite struct CohereReaderTests {
  private func seen(_ data: String...) -> [ChatEvent] {
    decode(.cohere, data.map { "data: \($0)\n\n" }.joined())
  }

  private let start = #"{"id":"c","type":"message-start","delta":{"message":{"role":"assistant"}}}"#

  private func content(_ fields: String, _ kind: String = "delta", at index: Int = 0) -> String {
    #"{"type":"content-\#(kind)","index":\#(index),"delta":{"message":{"content":{\#(fields)}}}}"#
  }

  private func end(_ reason: String, _ rest: String = "") -> String {
    #"{"type":"message-end","delta":{"finish_reason":"\#(reason)"\#(rest),"usage":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":30,"output_tokens":4},"cached_tokens":16}}}"#
  }

  @Test func `contents are text and thoughts`() {
    let seen = seen(
      start, content(#""type":"thinking","thinking":"""#, "start"), content(#""thinking":"Hm""#),
      #"{"type":"content-end","index":0}"#, content(#""type":"text","text":"""#, "start", at: 1),
      content(#""text":"Hi""#, at: 1), #"{"type":"content-end","index":1}"#, end("COMPLETE"))
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.text == "Hi")
    #expect(seen.finish == Finish(.stop, raw: "COMPLETE"))
    #expect(seen.response.usage?.inputTokens == 30)
    #expect(seen.response.usage?.cachedInputTokens == 16)
  }

  @Test func `calls stand where the name promises a list, and have a plan`() {
    let seen = seen(
      start, #"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I will"}}}"#,
      #"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"t","type":"function","function":{"name":"f","arguments":""}}}}}"#,
      #"{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"x\":1}"}}}}}"#,
      #"{"type":"tool-call-end","index":0}"#, end("TOOL_CALL"))
    #expect(seen.response.reasoning == "I will")
    #expect(seen.calls == [ToolCall(id: "t", name: "f", arguments: #"{"x":1}"#)])
    #expect(seen.finish?.reason == .toolCalls)
  }

  @Test func `citations are sources`() {
    let citation =
      #"{"type":"citation-start","index":0,"delta":{"message":{"citations":{"text":"q","sources":[{"type":"document","id":"d","document":{"title":"t","url":"u"}}]}}}}"#
    #expect(
      seen(start, citation, end("COMPLETE")).response.sources == [.init(url: "u", title: "t", quote: "q")])
  }

  @Test(arguments: [("MAX_TOKENS", FinishReason.length), ("STOP_SEQUENCE", .stop), ("NEW", .other("NEW"))])
  func `finish reasons`(raw: String, reason: FinishReason) {
    #expect(seen(start, end(raw)).finish == Finish(reason, raw: raw))
  }

  @Test func `the finish ERROR is a failure, and no end a truncation`() {
    #expect(
      seen(start, end("ERROR", #","error":"generation failed""#)).failure?.message == "generation failed")
    #expect(seen(start, end("ERROR_LIMIT")).failure?.code == "ERROR_LIMIT")
    #expect(seen(start).failure?.kind == .truncated)
  }

  @Test func `a plan may stand in the delta itself, a content be a string, citations a list`() {
    let citations =
      #"{"type":"citation-start","index":0,"delta":{"message":{"citations":[{"text":"q","sources":[{"id":"d"}]}]}}}"#
    let seen = seen(
      start, #"{"type":"tool-plan-delta","delta":{"tool_plan":"I will"}}"#,
      #"{"type":"content-delta","index":0,"delta":{"message":{"content":"Hi"}}}"#, citations, end("COMPLETE"))
    #expect(seen.response.reasoning == "I will")
    #expect(seen.response.text == "Hi")
    #expect(seen.response.sources == [.init(title: "d", quote: "q")])
  }

  @Test func `calls that are never ended end with the answer`() {
    let call =
      #"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":[{"id":"t","function":{"name":"f","arguments":"{}"}}]}}}"#
    #expect(seen(start, call, end("TOOL_CALL")).calls == [ToolCall(id: "t", name: "f")])
  }
}
