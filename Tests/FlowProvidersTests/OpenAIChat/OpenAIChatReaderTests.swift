// OpenAI's chat chunks, and what others make of them.
import Testing

@testable import FlowProviders

@Suite struct OpenAIChatReaderTests {
  private func chunk(_ delta: String, _ finish: String = "null", index: Int = 0) -> String {
    #"{"id":"a","choices":[{"index":\#(index),"delta":\#(delta),"finish_reason":\#(finish)}]}"#
  }

  private func seen(_ data: String..., quirks: OpenAIChatQuirks = .init()) -> [ChatEvent] {
    let wire = WireProtocol(name: "openai-chat", framing: .events) { OpenAIChatReader(quirks: quirks) }
    return decode(wire, data.map { "data: \($0)\n\n" }.joined())
  }

  private func piece(_ fields: String) -> String { chunk(#"{"tool_calls":[{\#(fields)}]}"#) }

  private let toolEnd = #"{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"#

  // MARK: Text

  @Test func `null, empty and absent mean the same`() {
    let seen = seen(
      #"{"id":"","model":"","choices":[]}"#,
      #"{"id":"a","model":"m","choices":[{"index":0,"delta":{"role":null,"content":null,"tool_calls":null},"finish_reason":""}]}"#,
      #"{"id":"b","choices":[{"delta":{"content":""}}]}"#, chunk(#"{"content":"Hi"}"#),
      chunk("{}", #""stop""#),
      #"{"choices":[{"index":0,"delta":null,"finish_reason":null}],"usage":null}"#, "[DONE]")
    #expect(
      seen.names == [
        "started", "roundStarted", "textStarted", "textDelta", "textEnded", "roundEnded", "finished",
      ])
    #expect(seen.first == .started(.init(id: "a", model: "m")))
  }

  @Test func `chunks without choices begin nothing`() {
    let filter = #"{"choices":[],"created":0,"id":"","model":"gpt","prompt_filter_results":[{}]}"#
    #expect(seen(filter).failure?.kind == .truncated)
    #expect(seen(filter).count == 1)
    #expect(
      seen(filter, chunk(#"{"content":"Hi"}"#, #""stop""#)).first == .started(.init(id: "a", model: "gpt")))
  }

  @Test func `content in parts is text and reasoning`() {
    let seen = seen(
      chunk(#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}"#),
      chunk(#"{"content":[{"type":"text","text":"Hi"}]}"#, #""stop""#))
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.text == "Hi")
  }

  @Test func `several choices keep apart, and all must finish`() {
    let start = [chunk(#"{"content":"a"}"#), chunk(#"{"content":"b"}"#, index: 1), chunk("{}", #""stop""#)]
    let cut = seen(start[0], start[1], start[2])
    #expect(cut.failure?.kind == .truncated)
    let whole = seen(start[0], start[1], start[2], chunk("{}", #""length""#, index: 1), "[DONE]")
    #expect(whole.response.choices.map(\.text) == ["a", "b"])
    #expect(whole.finish?.reason == .stop)
    #expect(whole.finish?.others == [1: .length])
  }

  @Test func `what comes after the finish is delivered`() {
    let seen = seen(chunk(#"{"content":"a"}"#, #""stop""#), chunk(#"{"content":"b"}"#), "[DONE]")
    #expect(seen.response.text == "ab")
    #expect(seen.terminals == 1)
  }

  @Test func `of two finishes the first counts, the second may add usage`() {
    let seen = seen(
      chunk(#"{"content":"a"}"#), chunk("{}", #""length""#),
      #"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}"#,
      "[DONE]")
    #expect(seen.finish?.reason == .length)
    #expect(seen.response.usage?.inputTokens == 1)
    #expect(seen.names.count { $0 == "textEnded" } == 1)
  }

  @Test func `a refusal is not text`() {
    let seen = seen(
      chunk(#"{"refusal":"No"}"#), chunk(#"{"refusal":"."}"#), chunk("{}", #""stop""#), "[DONE]")
    #expect(seen.response.refusal == "No.")
    #expect(seen.response.text == "")
  }

  @Test(arguments: [
    ("stop", FinishReason.stop), ("eos_token", .stop), ("length", .length), ("max_tokens", .length),
    ("tool_calls", .toolCalls), ("function_call", .toolCalls), ("content_filter", .contentFilter),
    ("something", .other("something")),
  ])
  func `finish reasons keep their raw word`(raw: String, reason: FinishReason) {
    let finish = seen(chunk(#"{"content":"a"}"#, "\"\(raw)\""), "[DONE]").finish
    #expect(finish?.reason == reason)
    #expect(finish?.raw == raw)
  }

  @Test func `the finish error is a failure`() {
    #expect(
      seen(chunk(#"{"content":"a"}"#), chunk("{}", #""error""#), "[DONE]").failure?.kind == .serverError)
    let withError = seen(
      chunk(#"{"content":"a"}"#),
      #"{"error":{"code":429,"message":"slow down"},"choices":[{"index":0,"delta":{},"finish_reason":"error"}]}"#
    )
    #expect(withError.failure?.kind == .rateLimited)
    #expect(withError.failure?.status == 429)
  }

  @Test func `an error beside the usage of Groq is an error`() {
    let seen = seen(chunk(#"{"content":"a"}"#), #"{"choices":[],"x_groq":{"error":"over capacity"}}"#)
    #expect(seen.failure?.message == "over capacity")
  }

  // MARK: Reasoning

  @Test(arguments: ["reasoning_content", "reasoning", "reasoning_text"])
  func `reasoning has many names`(field: String) {
    let seen = seen(
      chunk(#"{"\#(field)":"Hm","content":null}"#), chunk(#"{"\#(field)":null,"content":"Hi"}"#),
      chunk("{}", #""stop""#), "[DONE]")
    #expect(
      seen.essentials.names == [
        "started", "roundStarted", "reasoningStarted", "reasoningDelta", "reasoningEnded", "textStarted",
        "textDelta",
        "textEnded", "roundEnded", "finished",
      ])
    #expect(seen.response.reasoning == "Hm")
  }

  @Test func `reasoning under two names is told once`() {
    let seen = seen(
      chunk(
        #"{"reasoning":"Hm","reasoning_content":"Hm","reasoning_details":[{"text":"Hm","signature":"s"}]}"#),
      chunk(#"{"reasoning_content":"!","reasoning":"!"}"#), chunk("{}", #""stop""#), "[DONE]")
    #expect(seen.response.reasoning == "Hm!")
    #expect(seen.contains { if case .reasoningSignature("s", _) = $0 { true } else { false } })
  }

  // MARK: Calls

  @Test func `pieces of parallel calls interleave by index`() {
    let seen = seen(
      piece(#""index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}"#),
      piece(#""index":1,"id":"b","type":"function","function":{"name":"g","arguments":""}"#),
      piece(#""index":0,"function":{"arguments":"{\"x\""}"#),
      piece(#""index":1,"function":{"arguments":"{}"}"#),
      piece(#""index":0,"function":{"arguments":":1}"}"#), toolEnd, "[DONE]")
    #expect(
      seen.calls == [ToolCall(id: "a", name: "f", arguments: #"{"x":1}"#), ToolCall(id: "b", name: "g")])
    #expect(seen.finish?.reason == .toolCalls)
  }

  @Test func `a call is complete only at the finish`() {
    let start = piece(#""index":0,"id":"a","function":{"name":"f","arguments":"{}"}"#)
    #expect(seen(start).calls.isEmpty)
    #expect(seen(start).failure?.kind == .truncated)
    #expect(seen(start, toolEnd).calls.count == 1)
  }

  @Test(arguments: [
    [
      #""index":1,"id":"a","function":{"name":"f","arguments":"{"}"#,
      #""index":1,"function":{"arguments":"}"}"#,
    ],
    [#""index":7,"id":"a","function":{"name":"f"}"#, #""index":7,"function":{"arguments":"{}"}"#],
    [#""id":"a","function":{"name":"f","arguments":"{"}"#, #""function":{"name":"","arguments":"}"}"#],
    [
      #""id":"a","function":{"name":"f","arguments":"{"}"#,
      #""id":"","index":0,"function":{"arguments":"}"}"#,
    ],
    [
      #""index":0,"function":{"name":"f","arguments":"{"}"#,
      #""index":0,"id":"a","function":{"arguments":"}"}"#,
    ],
    [
      #""index":0,"id":"a","function":{"name":"f","arguments":"{"}"#,
      #""index":0,"id":"a","function":{"name":"f","arguments":"}"}"#,
    ],
    [
      #""index":0,"id":"a","function":{"name":null,"arguments":null}"#,
      #""index":0,"function":{"name":"f","arguments":"{}"}"#,
    ],
    [
      #""index":0,"id":"a","function":{"name":"f","arguments":"{}"}"#,
      #""index":0,"id":"a","function":{"name":"f","arguments":"{}"}"#,
    ],
  ])
  func `one call stays one call, however its pieces are marked`(pieces: [String]) {
    let seen = seen(piece(pieces[0]), piece(pieces[1]), toolEnd, "[DONE]")
    #expect(seen.calls == [ToolCall(id: "a", name: "f", arguments: "{}")])
    #expect(seen.names.count { $0 == "toolCallStarted" } == 1)
    guard case .toolCallStarted(let start, _)? = seen.first(where: { $0.name == "toolCallStarted" }) else {
      return
    }
    #expect(start == .init(id: "a", name: "f"))
  }

  @Test(arguments: [
    [
      #""index":0,"id":"a","function":{"name":"f","arguments":"{}"}"#,
      #""index":0,"id":"b","function":{"name":"g","arguments":"{}"}"#,
    ],
    [
      #""id":"a","function":{"name":"f","arguments":"{}"}"#,
      #""id":"b","function":{"name":"g","arguments":"{}"}"#,
    ],
    [
      #""id":"a","function":{"name":"f","arguments":{}}"#,
      #""id":"b","function":{"name":"g","arguments":{}}"#,
    ],
  ])
  func `two calls stay two calls, also under one index or none`(pieces: [String]) {
    let seen = seen(piece(pieces[0]), piece(pieces[1]), toolEnd, "[DONE]")
    #expect(seen.calls == [ToolCall(id: "a", name: "f"), ToolCall(id: "b", name: "g")])
  }

  @Test func `calls without ids get some`() {
    let seen = seen(
      piece(#""index":0,"function":{"name":"f","arguments":"{}"}"#),
      piece(#""index":0,"function":{"name":"f","arguments":"{\"x\":1}"}"#), toolEnd, "[DONE]")
    #expect(seen.calls.map(\.arguments) == ["{}", #"{"x":1}"#])
    #expect(Set(seen.calls.map(\.id)).count == 2)
    #expect(seen.calls.allSatisfy { $0.id.hasPrefix("call_") })
  }

  @Test func `names in pieces are put together where the dialect says so`() {
    var quirks = OpenAIChatQuirks()
    quirks.names = .inPieces
    let seen = seen(
      piece(#""index":0,"id":"a","function":{"name":"get_"}"#),
      piece(#""index":0,"function":{"name":"weather"}"#),
      piece(#""index":0,"function":{"arguments":"{}"}"#), toolEnd, "[DONE]", quirks: quirks)
    #expect(seen.calls == [ToolCall(id: "a", name: "get_weather")])
  }

  @Test func `arguments may be an object`() {
    let seen = seen(piece(#""index":0,"id":"a","function":{"name":"f","arguments":{"x": [1]}}"#), toolEnd)
    #expect(seen.calls.first?.value == ["x": [1]])
  }

  @Test func `empty arguments are an empty object`() {
    #expect(
      seen(piece(#""index":0,"id":"a","function":{"name":"f","arguments":""}"#), toolEnd).calls.first?
        .arguments == "{}")
    #expect(seen(piece(#""index":0,"id":"a","function":{"name":"f"}"#), toolEnd).calls.first?.problem == nil)
  }

  @Test(arguments: ["", "{", #"{\"x\":"#, "12"])
  func `arguments that the limit cut off are never valid`(arguments: String) {
    let end = #"{"choices":[{"index":0,"delta":{},"finish_reason":"length"}]}"#
    let seen = seen(
      piece(#""index":0,"id":"a","function":{"name":"f","arguments":"\#(arguments)"}"#), end, "[DONE]")
    #expect(seen.calls.first?.problem == .unfinished)
    #expect(seen.calls.first?.value == nil)
    #expect(seen.finish?.reason == .length)
  }

  @Test func `malformed arguments are told as they are, with the reason`() {
    let seen = seen(
      piece(#""index":0,"id":"a","function":{"name":"f","arguments":"{x}"}"#), toolEnd, "[DONE]")
    #expect(seen.calls.first?.arguments == "{x}")
    #expect(seen.calls.first?.problem == .malformed(JSONError(.unexpectedByte, at: 1)))
    #expect(seen.finish?.reason == .toolCalls)
  }

  @Test func `calls that end in stop end in calls`() {
    let seen = seen(
      piece(#""index":0,"id":"a","function":{"name":"f","arguments":"{}"}"#), chunk("{}", #""stop""#),
      "[DONE]")
    #expect(seen.finish?.reason == .toolCalls)
    #expect(seen.finish?.raw == "stop")
  }

  @Test func `the function call of old is a call`() {
    let seen = seen(
      chunk(#"{"function_call":{"name":"f","arguments":""}}"#),
      chunk(#"{"function_call":{"arguments":"{}"}}"#),
      chunk("{}", #""function_call""#), "[DONE]")
    #expect(seen.calls.map(\.name) == ["f"])
    #expect(seen.calls.map(\.arguments) == ["{}"])
  }

  // MARK: Usage

  @Test(arguments: [
    [#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#],
    [#"{"choices":[],"x_groq":{"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}}"#],
    [
      #"{"choices":[{"index":0,"delta":{},"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}]}"#
    ],
    [
      #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#,
      #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
    ],
    [#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#],
  ])
  func `usage stands in many places and is told once, the last`(chunks: [String]) {
    let text =
      events(chunk(#"{"content":"a"}"#, #""stop""#)) + chunks.map { events($0) }.joined() + events("[DONE]")
    let seen = decode(.openAIChat, text)
    #expect(seen.names.count { $0 == "usage" } == 1)
    #expect(seen.response.usage == Usage(inputTokens: 3, outputTokens: 2, totalTokens: 5))
  }

  @Test func `details of usage have many names`() {
    func usage(_ json: String) -> Usage? {
      seen(chunk(#"{"content":"a"}"#, #""stop""#), #"{"choices":[],"usage":{\#(json)}}"#, "[DONE]").response
        .usage
    }
    #expect(
      usage(
        #""prompt_tokens_details":{"cached_tokens":4},"completion_tokens_details":{"reasoning_tokens":5}"#)?
        .cachedInputTokens == 4)
    #expect(usage(#""prompt_cache_hit_tokens":4"#)?.cachedInputTokens == 4)
    #expect(usage(#""reasoning_tokens":5"#)?.reasoningTokens == 5)
    let beside = usage(
      #""prompt_tokens":1,"completion_tokens":2,"total_tokens":8,"completion_tokens_details":{"reasoning_tokens":5}"#
    )
    #expect(beside?.reasoning == .separate)
    #expect(beside?.allOutputTokens == 7)
  }

  @Test func `llama cpp counts each of several answers by itself`() {
    func usage(_ output: Int) -> String {
      #"{"choices":[],"timings":{"predicted_ms":5},"usage":{"prompt_tokens":3,"completion_tokens":\#(output),"total_tokens":9}}"#
    }
    let seen = seen(
      chunk(#"{"content":"a"}"#, #""stop""#), chunk(#"{"content":"b"}"#, #""stop""#, index: 1), usage(4),
      usage(5),
      "[DONE]")
    #expect(seen.response.usage?.outputTokens == 9)
    #expect(seen.response.usage?.totalTokens == 12)
  }

  // MARK: Others

  @Test func `Perplexity ends without an end mark and repeats its sources`() {
    let first =
      #"{"object":"chat.completion.chunk","citations":["u1","u2"],"choices":[{"index":0,"delta":{"content":"a"},"message":{"content":"a"}}]}"#
    let last =
      #"{"object":"chat.completion.done","citations":["u1","u2"],"choices":[{"index":0,"delta":{"content":""},"message":{"content":"a"},"finish_reason":"stop"}]}"#
    let seen = seen(first, last)
    #expect(seen.response.text == "a")
    #expect(seen.response.sources.map(\.url) == ["u1", "u2"])
    #expect(seen.finish?.reason == .stop)
    #expect(seen.warnings.isEmpty)
  }

  @Test func `a complete object among chunks is read`() {
    let whole =
      #"{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}]}"#
    #expect(seen(whole, "[DONE]").response.text == "Hi")
  }

  @Test func `padding and unknown fields mean nothing`() {
    let seen = seen(
      #"{"id":"a","obfuscation":"xxx","p":"abc","choices":[{"index":0,"delta":{"content":"Hi","odd":{"a":[1]}},"logprobs":null,"native_finish_reason":null}]}"#,
      chunk("{}", #""stop""#), "[DONE]")
    #expect(seen.response.text == "Hi")
    #expect(seen.warnings.isEmpty)
  }
}
