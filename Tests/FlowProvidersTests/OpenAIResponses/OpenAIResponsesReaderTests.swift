// The items of OpenAI's Responses.
import Testing

@testable import FlowProviders

@Suite struct OpenAIResponsesReaderTests {
  private let created =
    #"{"type":"response.created","response":{"id":"r","model":"m","status":"in_progress","error":null}}"#
  private let completed =
    #"{"type":"response.completed","response":{"id":"r","status":"completed","output":[],"usage":{"input_tokens":3,"input_tokens_details":{"cached_tokens":1},"output_tokens":4,"output_tokens_details":{"reasoning_tokens":2},"total_tokens":7}}}"#

  private func seen(_ data: String..., end: String? = nil) -> [ChatEvent] {
    decode(.openAIResponses, ([created] + data + [end ?? completed]).map { "data: \($0)\n\n" }.joined())
  }

  private func delta(_ type: String, _ delta: String, at output: Int = 0, id: String = "i") -> String {
    #"{"type":"response.\#(type).delta","item_id":"\#(id)","output_index":\#(output),"content_index":0,"delta":"\#(delta)"}"#
  }

  private func added(_ item: String, at output: Int = 0) -> String {
    #"{"type":"response.output_item.added","output_index":\#(output),"item":\#(item)}"#
  }

  private func done(_ item: String, at output: Int = 0) -> String {
    #"{"type":"response.output_item.done","output_index":\#(output),"item":\#(item)}"#
  }

  private let function = #"{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":""}"#
  private let message = #"{"type":"message","id":"i","content":[{"type":"output_text","text":"Hi"}]}"#

  @Test func `what is told in pieces and whole counts once`() {
    let seen = seen(
      added(#"{"type":"message","id":"i","content":[]}"#),
      #"{"type":"response.content_part.added","output_index":0,"content_index":0,"part":{"type":"output_text","text":""}}"#,
      delta("output_text", "Hi"),
      #"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Hi"}"#,
      #"{"type":"response.content_part.done","output_index":0,"content_index":0,"part":{"type":"output_text","text":"Hi"}}"#,
      done(message))
    #expect(
      seen.names == [
        "started", "roundStarted", "textStarted", "textDelta", "textEnded", "usage", "roundEnded", "finished",
      ])
    #expect(seen.response.usage?.reasoningTokens == 2)
    #expect(seen.response.usage?.cachedInputTokens == 1)
    #expect(seen.finish == Finish(.stop, raw: "completed"))
  }

  @Test func `what is told only whole counts too`() {
    #expect(seen(done(message)).response.text == "Hi")
    #expect(
      seen(#"{"type":"response.output_text.done","output_index":0,"content_index":0,"text":"Hi"}"#).response
        .text == "Hi")
    let completed = #"{"type":"response.completed","response":{"status":"completed","output":[\#(message)]}}"#
    #expect(seen(end: completed).response.text == "Hi")
  }

  @Test func `a call has deltas, a done, and a done of its item, in any selection`() {
    let whole = #"{"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{\"x\":1}"}"#
    let deltas = [delta("function_call_arguments", #"{\"x\""#), delta("function_call_arguments", ":1}")]
    let argumentsDone =
      #"{"type":"response.function_call_arguments.done","output_index":0,"arguments":"{\"x\":1}"}"#
    let expected = [ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#)]
    for data in [
      [added(function)] + deltas + [argumentsDone, done(whole)], [added(function)] + deltas + [done(whole)],
      [added(function), argumentsDone, done(whole)], [added(function), done(whole)], [done(whole)],
      [added(function)] + deltas + [argumentsDone],
    ] {
      let seen = decode(.openAIResponses, ([created] + data + [completed]).map { "data: \($0)\n\n" }.joined())
      #expect(seen.calls == expected)
      #expect(seen.finish?.reason == .toolCalls)
      #expect(seen.warnings.isEmpty)
    }
  }

  @Test func `items are known by their place, since some rotate the ids`() {
    let seen = seen(
      added(#"{"type":"message","id":"1","content":[]}"#), delta("output_text", "Hi", id: "2"),
      delta("output_text", "!", id: "3"),
      done(#"{"type":"message","id":"4","content":[{"type":"output_text","text":"Hi!"}]}"#))
    #expect(seen.response.text == "Hi!")
    #expect(seen.names.count { $0 == "textStarted" } == 1)
  }

  @Test func `a custom call has text for arguments`() {
    let custom = #"{"type":"custom_tool_call","id":"ct","call_id":"c","name":"sql","input":""}"#
    let seen = seen(
      added(custom), delta("custom_tool_call_input", "SELECT "), delta("custom_tool_call_input", "1"),
      done(#"{"type":"custom_tool_call","id":"ct","call_id":"c","name":"sql","input":"SELECT 1"}"#))
    #expect(seen.calls == [ToolCall(id: "c", name: "sql", arguments: "SELECT 1", form: .custom)])
    #expect(seen.finish?.reason == .toolCalls)
  }

  @Test func `the wrapper around parallel calls is taken off`() {
    let arguments =
      #"{\"tool_uses\":[{\"recipient_name\":\"functions.weather\",\"parameters\":{\"in\":\"Rome\"}},{\"recipient_name\":\"sights\",\"parameters\":{}}]}"#
    let wrapper =
      #"{"type":"function_call","id":"fc","call_id":"c","name":"parallel","arguments":"\#(arguments)"}"#
    let seen = seen(
      added(#"{"type":"function_call","id":"fc","call_id":"c","name":"parallel","arguments":""}"#),
      delta("function_call_arguments", arguments), done(wrapper))
    #expect(
      seen.calls == [
        ToolCall(id: "c_0", name: "weather", arguments: #"{"in":"Rome"}"#),
        ToolCall(id: "c_1", name: "sights"),
      ])
    #expect(seen.names.count { $0 == "toolCallStarted" } == 2)
  }

  @Test func `a tool that is only named like the wrapper stays itself`() {
    let call = #"{"type":"function_call","call_id":"c","name":"parallel","arguments":"{\"lines\":2}"}"#
    #expect(
      seen(added(call.replacing(#"{\"lines\":2}"#, with: "")), done(call)).calls.map(\.name) == ["parallel"])
  }

  @Test func `summaries and reasoning texts are reasoning, encrypted content its signature`() {
    let seen = seen(
      added(#"{"type":"reasoning","id":"i","summary":[]}"#),
      #"{"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Hm"}"#,
      #"{"type":"response.reasoning_summary_text.done","output_index":0,"summary_index":0,"text":"Hm"}"#,
      done(
        #"{"type":"reasoning","id":"i","summary":[{"type":"summary_text","text":"Hm"}],"encrypted_content":"s"}"#
      ),
      delta("reasoning_text", "Hm", at: 1), done(message, at: 2))
    #expect(seen.response.reasoning == "HmHm")
    #expect(seen.contains { if case .reasoningSignature("s", _) = $0 { true } else { false } })
    #expect(seen.response.text == "Hi")
  }

  @Test func `a refusal is not text`() {
    let seen = seen(
      delta("refusal", "No"),
      #"{"type":"response.refusal.done","output_index":0,"content_index":0,"refusal":"No"}"#)
    #expect(seen.response.refusal == "No")
    #expect(seen.response.text == "")
  }

  @Test(arguments: [("max_output_tokens", FinishReason.length), ("content_filter", .contentFilter)])
  func `an incomplete response says why`(raw: String, reason: FinishReason) {
    let end =
      #"{"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"\#(raw)"}}}"#
    #expect(seen(delta("output_text", "Hi"), end: end).finish == Finish(reason, raw: raw))
  }

  @Test func `an error and the failed response behind it are one failure`() {
    for error in [
      #"{"type":"error","sequence_number":2,"error":{"type":"insufficient_quota","code":"insufficient_quota","message":"no money"}}"#,
      #"{"type":"error","sequence_number":2,"code":"insufficient_quota","message":"no money","param":null}"#,
    ] {
      let failed =
        #"{"type":"response.failed","response":{"status":"failed","error":{"code":"insufficient_quota","message":"no money"}}}"#
      let seen = seen(error, end: failed)
      #expect(seen.terminals == 1)
      #expect(seen.failure?.kind == .quota)
      #expect(seen.failure?.isRetryable == false)
      #expect(seen.failure?.message == "no money")
    }
    let alone = seen(
      end:
        #"{"type":"response.failed","response":{"status":"failed","error":{"code":"rate_limit_exceeded","message":"slow"}}}"#
    )
    #expect(alone.failure?.kind == .rateLimited)
  }

  @Test func `tools of the provider are told apart`() {
    let seen = seen(
      done(
        #"{"type":"web_search_call","id":"ws","status":"completed","action":{"type":"search","query":"x"}}"#),
      added(#"{"type":"mcp_call","id":"mc","name":"zip","arguments":""}"#, at: 1),
      done(
        #"{"type":"mcp_call","id":"mc","name":"zip","arguments":"{}","output":"done","error":null}"#, at: 1),
      done(#"{"type":"image_generation_call","id":"ig","output_format":"webp","result":"AAAA"}"#, at: 2))
    #expect(seen.calls.isEmpty)
    #expect(seen.response.hostedCalls.map(\.name) == ["web_search", "zip"])
    #expect(seen.response.hostedResults.map(\.content) == ["done"])
    #expect(seen.response.files == [.init(mimeType: "image/webp", base64: "AAAA")])
    #expect(seen.finish?.reason == .stop)
  }

  @Test func `annotations are sources`() {
    let annotation =
      #"{"type":"response.output_text.annotation.added","output_index":0,"annotation":{"type":"url_citation","url":"u","title":"t"}}"#
    #expect(seen(delta("output_text", "Hi"), annotation).response.sources == [.init(url: "u", title: "t")])
  }

  @Test func `an end mark says nothing here, a chat chunk all`() {
    let cut = decode(.openAIResponses, events(created, delta("output_text", "Hi"), "[DONE]"))
    #expect(cut.failure?.kind == .truncated)
    let chunk =
      #"{"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#
    #expect(decode(.openAIResponses, events(chunk, "[DONE]")).response.text == "Hi")
  }

  @Test func `keep alives are heartbeats, unknown events raw`() {
    let seen = seen(#"{"type":"keepalive","sequence_number":3}"#, #"{"type":"response.brand_new","x":1}"#)
    #expect(seen.names.contains("heartbeat"))
    #expect(seen.response.raw.map(\.name) == ["response.brand_new"])
  }

  @Test func `a response that was not streamed is read`() {
    let body =
      #"{"object":"response","id":"r","model":"m","status":"completed","output":[\#(message),{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}"#
    #expect(decode(.openAIResponses, body).response.text == "Hi")
    #expect(decode(.openAIResponses, body).calls.map(\.name) == ["f"])
  }

  @Test func `deltas may lack their item and their places`() {
    let bare = #"{"type":"response.output_text.delta","delta":"Hi"}"#
    #expect(seen(bare).response.text == "Hi")
    let outer = #"{"type":"response.completed","output":[\#(message)]}"#
    #expect(seen(bare, end: outer).response.text == "Hi")
    #expect(seen(bare, end: #"{"type":"response.completed"}"#).finish?.reason == .stop)
  }

  @Test func `calls that only the end tells of are told`() {
    let end =
      #"{"type":"response.completed","response":{"status":"completed","output":[\#(message),{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}]}}"#
    let seen = seen(delta("output_text", "Hi"), end: end)
    #expect(seen.response.text == "Hi")
    #expect(seen.calls == [ToolCall(id: "c", name: "f")])
  }

  @Test func `incomplete without a reason is no stop`() {
    let end = #"{"type":"response.incomplete","response":{"status":"incomplete"}}"#
    #expect(
      seen(delta("output_text", "Hi"), end: end).finish == Finish(.other("incomplete"), raw: "incomplete"))
  }

  @Test func `two calls under one place stay two`() {
    func call(_ id: String) -> String {
      #"{"type":"function_call","call_id":"\#(id)","name":"f","arguments":"{}"}"#
    }
    let seen = seen(added(call("a")), done(call("a")), added(call("b")), done(call("b")))
    #expect(seen.calls.map(\.id) == ["a", "b"])
  }

  @Test func `searches and code of the provider pass with their events`() {
    let seen = seen(
      added(#"{"type":"web_search_call","id":"ws","status":"in_progress"}"#),
      #"{"type":"response.web_search_call.searching","output_index":0,"item_id":"ws"}"#,
      done(
        #"{"type":"web_search_call","id":"ws","status":"completed","action":{"type":"search","query":"x"}}"#),
      added(#"{"type":"code_interpreter_call","id":"ci","code":"","outputs":null}"#, at: 1),
      #"{"type":"response.code_interpreter_call_code.delta","output_index":1,"delta":"1"}"#,
      done(
        #"{"type":"code_interpreter_call","id":"ci","code":"1","outputs":[{"type":"logs","logs":"1"}]}"#,
        at: 1),
      done(#"{"type":"mcp_list_tools","id":"ml","tools":[]}"#, at: 2),
      done(#"{"type":"mcp_approval_request","id":"ma","name":"zip","arguments":"{}"}"#, at: 3),
      done(message, at: 4))
    #expect(seen.response.hostedCalls.map(\.name) == ["web_search", "code_interpreter"])
    #expect(seen.response.text == "Hi")
    #expect(seen.finish?.reason == .stop)
  }
}
