// What servers that speak OpenAI's chat language really send.
import Testing

@testable import FlowProviders

@Suite struct DialectStreamTests {
  private func seen(_ data: String...) -> [ChatEvent] {
    decode(.openAIChat, data.map { "data: \($0)\n\n" }.joined())
  }

  private func chunk(_ delta: String, _ rest: String = #""finish_reason":null"#) -> String {
    #"{"id":"a","model":"m","choices":[{"index":0,"delta":\#(delta),\#(rest)}]}"#
  }

  private func piece(_ fields: String) -> String { chunk(#"{"tool_calls":[{\#(fields)}]}"#) }

  private let stop = #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#
  private let calls = #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#
  private let done = "[DONE]"

  // MARK: Calls

  @Test func `the head of a second call may stand under the index of the first, its tail under its own`() {
    let seen = seen(
      piece(#""index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}"#),
      piece(#""index":0,"id":"b","type":"function","function":{"name":"g","arguments":"{\"y\":"}"#),
      piece(#""index":1,"function":{"arguments":"2}"}"#), calls, done)
    #expect(
      seen.calls == [
        ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#),
        ToolCall(id: "b", name: "g", arguments: #"{"y":2}"#),
      ])
  }

  @Test func `a server may count ids from 0 and leave every index at 0`() {
    let seen = seen(
      piece(#""index":0,"id":"0","type":"function","function":{"name":"f","arguments":""}"#),
      piece(#""index":0,"id":"0","type":"function","function":{"name":null,"arguments":"{}"}"#),
      piece(#""index":0,"id":"1","type":"function","function":{"name":"f","arguments":""}"#),
      piece(#""index":0,"id":"1","type":"function","function":{"name":null,"arguments":"{\"x\":1}"}"#), calls,
      done)
    #expect(seen.calls.map(\.id) == ["0", "1"])
    #expect(seen.calls.map(\.arguments) == ["{}", #"{"x":1}"#])
  }

  @Test func `empty ids, names and types of continuations change nothing`() {
    let seen = seen(
      piece(#""index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}"#),
      piece(#""index":0,"id":"","type":"","function":{"name":"","arguments":"{\"x\":"}"#),
      piece(#""index":0,"id":null,"type":null,"function":{"name":null,"arguments":"1}"}"#), calls, done)
    #expect(seen.calls == [ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#)])
  }

  @Test func `several calls may come in one chunk, each whole`() {
    let seen = seen(
      chunk(
        #"""
        {"role":"assistant","tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}},{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{\"x\":1}"}}]}
        """#), calls, done)
    #expect(seen.calls.map(\.name) == ["f", "g"])
  }

  @Test func `calls may stand in an object instead of a list`() {
    let object =
      #"{"tool_calls":{"index":0,"id":"","type":"function","function":{"name":"f","arguments":{"x":1}}}}"#
    let seen = seen(chunk(object), chunk(#"{"content":""}"#, #""finish_reason":"eos_token""#), done)
    #expect(seen.calls.first?.value == ["x": 1])
    #expect(seen.finish == Finish(.toolCalls, raw: "eos_token"))
  }

  @Test func `text between calls and thoughts keeps its order`() {
    let seen = seen(
      chunk(#"{"reasoning_content":"Hm","content":null}"#),
      chunk(#"{"reasoning_content":null,"content":"I look."}"#),
      piece(#""index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{}"}"#),
      chunk(#"{"content":"And now?"}"#), calls, done)
    let kinds = seen.filter { $0.name.hasSuffix("Started") || $0.name == "toolCall" }.names
    #expect(
      kinds == [
        "roundStarted", "reasoningStarted", "textStarted", "toolCallStarted", "textStarted", "toolCall",
      ])
    #expect(seen.response.text == "I look.And now?")
  }

  @Test func `a signature of Google's comes with its call, and goes back with it`() {
    let seen = seen(
      piece(
        #""index":0,"id":"a","extra_content":{"google":{"thought_signature":"s"}},"function":{"name":"f","arguments":"{}"}"#
      ), calls, done)
    #expect(seen.calls.first?.signature == "s")
    let request = ChatRequest(model: "m", messages: [seen.response.message])
    let returned = OpenAIChat(.gemini).member("messages", request)?[0]?["tool_calls"]?[0]
    #expect(returned?["extra_content"] == ["google": ["thought_signature": "s"]])
    #expect(OpenAIChat().member("messages", request)?[0]?["tool_calls"]?[0]?["extra_content"] == nil)
  }

  // MARK: Text

  @Test func `a whole message at the end repeats what the deltas said`() {
    let whole =
      #"{"object":"chat.completion","choices":[{"index":0,"message":{"content":"Hello"},"finish_reason":"stop"}]}"#
    #expect(
      seen(chunk(#"{"content":"Hel"}"#), chunk(#"{"content":"lo"}"#), whole, done).response.text == "Hello")
  }

  @Test func `whole messages without deltas grow, or go on`() {
    func message(_ text: String, _ finish: String = "null") -> String {
      #"{"choices":[{"index":0,"message":{"role":"assistant","content":"\#(text)"},"finish_reason":\#(finish)}]}"#
    }
    #expect(
      seen(message("Hel"), message("Hello"), message("Hello", #""stop""#), done).response.text == "Hello")
    #expect(seen(message("Hel"), message("lo", #""stop""#), done).response.text == "Hello")
  }

  @Test func `the older completions say text`() {
    let seen = seen(
      #"{"object":"text_completion","choices":[{"index":0,"text":"a","finish_reason":null}]}"#,
      #"{"object":"text_completion","choices":[{"index":1,"text":"x","finish_reason":null}]}"#,
      #"{"object":"text_completion","choices":[{"index":0,"text":"b","finish_reason":"length"},{"index":1,"text":"y","finish_reason":"stop"}]}"#,
      done)
    #expect(seen.response.choices.map(\.text) == ["ab", "xy"])
    #expect(seen.finish?.reason == .length)
  }

  @Test func `OpenRouter sends comments, thoughts under three names, and two finishes`() {
    let details = #""reasoning_details":[{"type":"reasoning.text","text":"Hm","format":"x","index":0}]"#
    let seen = decode(
      .openAIChat,
      ": OPENROUTER PROCESSING\n\n"
        + events(
          chunk(
            #"{"role":"assistant","content":"","reasoning":"Hm",\#(details)}"#,
            #""finish_reason":null,"native_finish_reason":null"#),
          chunk(#"{"content":"","reasoning_details":[{"type":"reasoning.encrypted","data":"s","id":"r"}]}"#),
          chunk(#"{"content":"Hi"}"#),
          chunk(#"{"content":""}"#, #""finish_reason":"stop","native_finish_reason":"end_turn""#),
          #"{"id":"a","choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5,"cost":0.1}}"#,
          done))
    #expect(seen.first == .heartbeat)
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.text == "Hi")
    #expect(seen.response.usage?.totalTokens == 5)
    #expect(seen.contains { if case .reasoningSignature("s", _) = $0 { true } else { false } })
    #expect(seen.terminals == 1)
  }

  @Test func `OpenRouter's error in mid stream has a number for a code`() {
    let seen = seen(
      chunk(#"{"content":"Hi"}"#),
      #"{"id":"a","provider":"p","error":{"code":502,"message":"Upstream died"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}"#
    )
    #expect(seen.failure?.status == 502)
    #expect(seen.failure?.isRetryable == true)
    #expect(seen.response.text == "Hi")
  }

  @Test func `Groq tells its usage twice, and Mistral its thoughts in parts`() {
    let groq = seen(
      #"{"id":"a","choices":[{"index":0,"delta":{"role":"assistant","content":"","channel":"analysis","reasoning":"Hm"},"finish_reason":null}],"x_groq":{"id":"req"}}"#,
      chunk(#"{"content":"Hi"}"#),
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req","usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}}"#,
      #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#, done)
    #expect(groq.response.reasoning == "Hm" && groq.response.text == "Hi")
    #expect(groq.count { $0.name == "usage" } == 1)
    let mistral = seen(
      chunk(
        #"{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}],"closed":true}]}"#
      ),
      chunk(#"{"content":[{"type":"text","text":"Hi "},{"type":"reference","reference_ids":[1]}]}"#),
      chunk(#"{"content":"there"}"#),
      #"{"choices":[{"index":0,"delta":{"content":"","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"},"index":0}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
      done)
    #expect(mistral.response.reasoning == "Hm" && mistral.response.text == "Hi there")
    #expect(mistral.calls.map(\.name) == ["f"])
    #expect(mistral.response.usage?.totalTokens == 5)
  }

  @Test func `xAI and Cerebras know no finish reason before the end`() {
    let seen = seen(
      #"{"choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"Hm"}}]}"#,
      #"{"choices":[{"index":0,"delta":{"content":"Hi"}}],"time_info":{"total_time":1}}"#,
      #"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":10,"completion_tokens_details":{"reasoning_tokens":5}},"citations":["u"]}"#,
      done)
    #expect(seen.response.text == "Hi")
    #expect(seen.response.usage?.allOutputTokens == 7)
    #expect(seen.response.sources.map(\.url) == ["u"])
  }

  @Test func `a prompt's progress and timings are told`() {
    let seen = seen(
      #"{"choices":[{"index":0,"delta":{"role":"assistant","content":null},"finish_reason":null}],"prompt_progress":{"total":200,"cache":0,"processed":50,"time_ms":9}}"#,
      chunk(#"{"content":"Hi"}"#),
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"timings":{"prompt_ms":5}}"#, done)
    #expect(seen.contains(.promptProgress(0.25)))
    #expect(seen.response.text == "Hi")
  }

  @Test func `a filter's annotations are no text`() {
    let seen = seen(
      #"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}"#,
      chunk(#"{"content":"Hi"}"#),
      #"{"choices":[{"content_filter_offsets":{"check_offset":1},"content_filter_results":{"hate":{"filtered":false}},"finish_reason":null,"index":0}],"id":"","object":""}"#,
      #"{"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}"#, done)
    #expect(seen.response.text == "Hi")
    #expect(seen.finish?.reason == .contentFilter)
  }

  // MARK: Errors

  @Test(arguments: [
    (#"{"object":"error","message":"no","type":"BadRequestError","param":null,"code":400}"#, "no"),
    (#"{"base_resp":{"status_code":1004,"status_msg":"no"},"choices":null}"#, "no"),
    (#"{"error_code":336003,"error_msg":"no","id":"x"}"#, "no"),
    (#"{"error":{"object":"error","message":"no","type":"x","code":500}}"#, "no"),
    (#"{"error":["no"]}"#, "no"),
  ])
  func `errors have many shapes in mid stream`(frame: String, message: String) {
    let seen = seen(chunk(#"{"content":"Hi"}"#), frame, done)
    #expect(seen.failure?.message == message)
    #expect(seen.terminals == 1)
  }

  @Test func `what only looks like an error is none`() {
    let seen = seen(
      #"{"error":null,"base_resp":{"status_code":0,"status_msg":""},"error_code":0,"object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"error"},"finish_reason":"stop"}]}"#,
      done)
    #expect(seen.response.text == "error")
    #expect(seen.finish != nil)
  }

  @Test func `a proxy may put the field's name twice, and send null to keep the connection`() {
    let body =
      "data: data: \(chunk(#"{"content":"Hi"}"#))\n\ndata: null\n\ndata: data: \(stop)\n\ndata: data: [DONE]\n\n"
    let seen = decode(.openAIChat, body)
    #expect(seen.response.text == "Hi")
    #expect(seen.finish != nil && seen.warnings.isEmpty)
  }

  @Test func `an answer that was not streamed needs no end mark, nor a name of its kind`() {
    let seen = decode(
      .openAIChat, #"{"id":"a","choices":[{"message":{"content":"Hi"},"finish_reason":"stop"}]}"#)
    #expect(seen.response.text == "Hi")
    #expect(seen.warnings.isEmpty)
  }
}
