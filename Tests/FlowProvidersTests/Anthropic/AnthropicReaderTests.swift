// Anthropic's blocks.
import Testing

@testable import FlowProviders

@Suite struct AnthropicReaderTests {
  private let start =
    #"{"type":"message_start","message":{"id":"m1","model":"claude","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":4,"output_tokens":1}}}"#

  private func seen(_ data: String...) -> [ChatEvent] {
    decode(.anthropic, ([start] + data).map { "data: \($0)\n\n" }.joined())
  }

  private func block(_ block: String, _ deltas: String..., at index: Int = 0, isClosed: Bool = true) -> String
  {
    let frames =
      [#"{"type":"content_block_start","index":\#(index),"content_block":\#(block)}"#]
      + deltas.map { #"{"type":"content_block_delta","index":\#(index),"delta":\#($0)}"# }
      + (isClosed ? [#"{"type":"content_block_stop","index":\#(index)}"#] : [])
    return frames.joined(separator: "\n\ndata: ")
  }

  private func ending(_ reason: String) -> String {
    #"{"type":"message_delta","delta":{"stop_reason":"\#(reason)","stop_sequence":null},"usage":{"output_tokens":7}}"#
  }

  private let stop = #"{"type":"message_stop"}"#
  private let text = #"{"type":"text","text":""}"#
  private let hi = #"{"type":"text_delta","text":"Hi"}"#

  @Test func `blocks become blocks, pings heartbeats`() {
    let seen = seen(
      block(
        #"{"type":"thinking","thinking":"","signature":""}"#, #"{"type":"thinking_delta","thinking":"Hm"}"#,
        #"{"type":"signature_delta","signature":"s"}"#),
      #"{"type":"ping"}"#, block(text, hi, at: 1), ending("end_turn"), stop)
    #expect(
      seen.names == [
        "started", "roundStarted", "reasoningStarted", "reasoningDelta", "reasoningSignature",
        "reasoningEnded",
        "heartbeat", "textStarted", "textDelta", "textEnded", "usage", "roundEnded", "finished",
      ])
    #expect(seen.finish == Finish(.stop, raw: "end_turn"))
  }

  @Test func `usage is cumulative, and the last word counts`() {
    let usage = seen(
      block(text, hi),
      #"{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":12,"output_tokens":5}}"#,
      ending("end_turn"), stop
    ).response.usage
    #expect(usage?.inputTokens == 12)
    #expect(usage?.outputTokens == 7)
    #expect(usage?.cachedInputTokens == 4)
    #expect(usage?.allInputTokens == 16)
    #expect(usage?.totalTokens == 23)
  }

  @Test func `without its stop a message is truncated, even when its reason is known`() {
    #expect(seen(block(text, hi), ending("end_turn")).failure?.kind == .truncated)
    #expect(seen(block(text, hi)).failure?.emitted.usage?.inputTokens == 10)
  }

  @Test func `a call without arguments gets an empty object, a filled start counts`() {
    let none = seen(
      block(
        #"{"type":"tool_use","id":"t","name":"f","input":{}}"#,
        #"{"type":"input_json_delta","partial_json":""}"#), ending("tool_use"), stop)
    #expect(none.calls == [ToolCall(id: "t", name: "f")])
    let filled = seen(
      block(#"{"type":"tool_use","id":"t","name":"f","input":{"x":1}}"#), ending("tool_use"), stop)
    #expect(filled.calls == [ToolCall(id: "t", name: "f", arguments: #"{"x":1}"#)])
    #expect(filled.finish?.reason == .toolCalls)
  }

  @Test func `a call that the limit cut off is unfinished, also when nothing had come`() {
    for pieces in [
      #"{"type":"input_json_delta","partial_json":"{\"a\": [\"b"}"#,
      #"{"type":"input_json_delta","partial_json":""}"#,
    ] {
      let seen = seen(
        block(#"{"type":"tool_use","id":"t","name":"f","input":{}}"#, pieces, isClosed: false),
        ending("max_tokens"), stop)
      #expect(seen.calls.first?.problem == .unfinished)
      #expect(seen.finish?.reason == .length)
    }
  }

  @Test func `tools of the provider are told apart`() {
    let seen = seen(
      block(
        #"{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"#,
        #"{"type":"input_json_delta","partial_json":"{\"q\":1}"}"#),
      block(#"{"type":"web_search_tool_result","tool_use_id":"s","content":[{"url":"u"}]}"#, at: 1),
      block(
        #"{"type":"web_fetch_tool_result","tool_use_id":"s","content":{"type":"web_fetch_tool_result_error","error_code":"x"}}"#,
        at: 2),
      ending("end_turn"), stop)
    #expect(seen.calls.isEmpty)
    #expect(seen.response.hostedCalls == [ToolCall(id: "s", name: "web_search", arguments: #"{"q":1}"#)])
    #expect(seen.response.hostedResults.map(\.outcome) == [.success, .failure])
    #expect(seen.response.hostedResults.map(\.name) == ["web_search", "web_fetch"])
    #expect(seen.finish?.reason == .stop)
  }

  @Test func `redacted thoughts are a signature`() {
    let seen = seen(block(#"{"type":"redacted_thinking","data":"xyz"}"#), ending("end_turn"), stop)
    #expect(seen.response.message.parts == [.reasoning("", signature: "xyz")])
  }

  @Test func `a refusal may have no blocks, and explains itself`() {
    let refusal =
      #"{"type":"message_delta","delta":{"stop_reason":"refusal","stop_details":{"category":"cyber","explanation":"because"}},"usage":{"output_tokens":1}}"#
    let seen = seen(#"{"type":"ping"}"#, refusal, stop)
    #expect(seen.finish == Finish(.refusal, raw: "refusal", detail: "because"))
  }

  @Test(arguments: [
    ("end_turn", FinishReason.stop), ("stop_sequence", .stop), ("max_tokens", .length),
    ("tool_use", .toolCalls),
    ("pause_turn", .pause), ("refusal", .refusal), ("model_context_window_exceeded", .length),
    ("compaction", .other("compaction")),
  ])
  func `stop reasons`(raw: String, reason: FinishReason) {
    #expect(seen(block(text, hi), ending(raw), stop).finish?.reason == reason)
  }

  @Test func `a repeated start neither repeats the text nor starts the run again`() {
    let seen = seen(start, block(text, hi), ending("end_turn"), stop)
    #expect(seen.names.count { $0 == "started" } == 1)
    #expect(seen.response.text == "Hi")
  }

  @Test func `a spliced message ends what was open and goes on`() {
    let second =
      #"{"type":"message_start","message":{"id":"m2","model":"claude","usage":{"input_tokens":10}}}"#
    let seen = seen(
      block(text, hi),
      block(
        #"{"type":"tool_use","id":"t1","name":"f"}"#,
        #"{"type":"input_json_delta","partial_json":"{\"v\":\"Spark"}"#, at: 1, isClosed: false),
      second,
      block(
        #"{"type":"tool_use","id":"t2","name":"f"}"#, #"{"type":"input_json_delta","partial_json":"{}"}"#),
      ending("tool_use"), stop)
    #expect(seen.calls.map(\.id) == ["t1", "t2"])
    #expect(seen.calls.map(\.problem) == [.unfinished, nil])
    #expect(seen.terminals == 1)
  }

  @Test func `several messages in one body are one run`() {
    let prefilled =
      #"{"type":"message_start","message":{"id":"m2","content":[{"type":"tool_use","id":"t","name":"f","input":{"x":1}}],"stop_reason":"tool_use"}}"#
    let seen = seen(
      block(text, hi), ending("tool_use"), stop, prefilled, stop, start, block(text, hi), ending("end_turn"),
      stop)
    #expect(seen.response.text == "HiHi")
    #expect(seen.calls.map(\.arguments) == [#"{"x":1}"#])
    #expect(seen.finish == Finish(.stop, raw: "end_turn"))
    #expect(seen.terminals == 1)
  }

  @Test func `after a message's stop the decoder is complete, and waits for the end of the bytes`() {
    var decoder = ChatDecoder(.anthropic)
    let events = decoder.decode(Array("data: \(start)\n\ndata: \(stop)\n\n".utf8))
    #expect(decoder.isComplete && !decoder.isEnded)
    #expect(!events.contains { $0.isTerminal })
    #expect(decoder.finish().finish != nil)
  }

  @Test func `an error in mid stream after HTTP 200 is the failure`() {
    let seen = seen(
      block(text, hi), #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, stop)
    #expect(seen.failure?.kind == .overloaded)
    #expect(seen.failure?.isRetryable == true)
    #expect(seen.failure?.code == "overloaded_error")
    #expect(seen.response.text == "Hi")
  }

  @Test func `unknown events, blocks and deltas are passed on raw`() {
    let seen = seen(
      #"{"type":"brand_new","x":1}"#, block(#"{"type":"odd_block"}"#, #"{"type":"odd_delta"}"#),
      ending("end_turn"), stop)
    #expect(seen.response.raw.map(\.name) == ["brand_new", "odd_block", "odd_delta"])
    #expect(seen.finish?.reason == .stop)
  }

  @Test func `citations are sources`() {
    let citation =
      #"{"type":"citations_delta","citation":{"type":"web_search_result_location","url":"u","title":"t","cited_text":"q"}}"#
    let sources = seen(block(text, hi, citation), ending("end_turn"), stop).response.sources
    #expect(sources == [.init(url: "u", title: "t", quote: "q")])
  }

  @Test func `a message that was not streamed is read`() {
    let seen = decode(
      .anthropic,
      #"{"type":"message","id":"m","model":"c","content":[{"type":"text","text":"Hi"},{"type":"tool_use","id":"t","name":"f","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2}}"#
    )
    #expect(seen.response.text == "Hi")
    #expect(seen.calls.map(\.name) == ["f"])
    #expect(seen.finish?.reason == .toolCalls)
  }

  @Test func `blocks may lack their start or their end`() {
    let unstarted = seen(
      #"{"type":"content_block_delta","index":0,"delta":\#(hi)}"#, ending("end_turn"), stop)
    #expect(unstarted.response.text == "Hi")
    let call = #"{"type":"tool_use","id":"t","name":"f","input":{"x":1}}"#
    let unended = seen(block(call, isClosed: false), ending("tool_use"), stop)
    #expect(unended.calls == [ToolCall(id: "t", name: "f", arguments: #"{"x":1}"#)])
  }

  @Test func `thoughts may be left out, and their signature come alone`() {
    let thought = block(#"{"type":"thinking","thinking":""}"#, #"{"type":"signature_delta","signature":"s"}"#)
    let seen = seen(thought, block(text, hi, at: 1), ending("end_turn"), stop)
    #expect(seen.response.message.parts == [.reasoning("", signature: "s"), .text("Hi")])
  }

  @Test func `tools behind MCP and code run at the provider's`() {
    let seen = seen(
      block(#"{"type":"mcp_tool_use","id":"s","name":"echo","server_name":"e","input":{"a":1}}"#),
      block(
        #"{"type":"mcp_tool_result","tool_use_id":"s","is_error":false,"content":[{"type":"text","text":"1"}]}"#,
        at: 1),
      block(
        #"{"type":"server_tool_use","id":"c","name":"bash_code_execution","input":{}}"#,
        #"{"type":"input_json_delta","partial_json":"{\"command\":\"ls\"}"}"#, at: 2),
      block(
        #"{"type":"bash_code_execution_tool_result","tool_use_id":"c","content":{"type":"bash_code_execution_result","stdout":"a"}}"#,
        at: 3),
      block(text, hi, at: 4), ending("end_turn"), stop)
    #expect(seen.response.hostedCalls.map(\.arguments) == [#"{"a":1}"#, #"{"command":"ls"}"#])
    #expect(seen.response.hostedResults.map(\.name) == ["mcp", "bash_code_execution"])
    #expect(seen.response.text == "Hi")
    #expect(seen.calls.isEmpty)
  }
}
