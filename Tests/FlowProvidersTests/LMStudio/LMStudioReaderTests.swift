// LM Studio's own events.
import Testing

@testable import FlowProviders

@Suite struct LMStudioReaderTests {
  private func named(_ frames: (String, String)...) -> String {
    frames.map { name, fields in
      "event: \(name)\ndata: {\"type\":\"\(name)\"\(fields.isEmpty ? "" : ",")\(fields)}\n\n"
    }.joined()
  }

  private let chatEnd = (
    "chat.end",
    #""result":{"model_instance_id":"m","output":[],"stats":{"input_tokens":9,"total_output_tokens":5,"reasoning_output_tokens":2,"time_to_first_token_seconds":0.5},"response_id":"resp_1"}"#
  )

  @Test func `loading and reading are progress, then thoughts and words`() {
    let seen = decode(
      .lmStudio,
      named(
        ("chat.start", #""model_instance_id":"m""#), ("model_load.start", ""),
        ("model_load.progress", #""progress":0.5"#),
        ("model_load.end", #""load_time_seconds":2.5"#), ("prompt_processing.start", ""),
        ("prompt_processing.progress", #""progress":0.25"#), ("prompt_processing.end", ""),
        ("reasoning.start", ""),
        ("reasoning.delta", #""content":"Hm""#), ("reasoning.end", ""), ("message.start", ""),
        ("message.delta", #""content":"Hi""#), ("message.end", ""), chatEnd))
    #expect(
      seen.names == [
        "started", "roundStarted", "modelLoad", "modelLoad", "modelLoad", "promptProgress", "promptProgress",
        "promptProgress", "reasoningStarted", "reasoningDelta", "reasoningEnded", "textStarted", "textDelta",
        "textEnded",
        "raw", "usage", "roundEnded", "finished",
      ])
    #expect(seen.contains(.modelLoad(0.5)) && seen.contains(.promptProgress(0.25)))
    let usage = seen.response.usage
    #expect(usage?.inputTokens == 9 && usage?.outputTokens == 5 && usage?.reasoningTokens == 2)
    #expect(usage?.timing?.load == .milliseconds(2500) && usage?.timing?.firstToken == .milliseconds(500))
    #expect(seen.response.raw == [.init(name: "response_id", json: "\"resp_1\"")])
  }

  @Test func `what follows a tool's result is another round`() {
    let seen = decode(
      .lmStudio,
      named(
        ("chat.start", ""), ("reasoning.start", ""), ("reasoning.delta", #""content":"Hm""#),
        ("reasoning.end", ""),
        ("tool_call.start", #""tool":"search","provider_info":{}"#),
        ("tool_call.arguments", #""tool":"search","arguments":{"q":1}"#),
        ("tool_call.success", #""tool":"search","output":"found""#), ("tool_call.start", #""tool":"open""#),
        ("tool_call.failure", #""reason":"no","metadata":{"type":"invalid_name","tool_name":"open"}"#),
        ("message.start", ""), ("message.delta", #""content":"Hi""#), ("message.end", ""), chatEnd))
    #expect(
      seen.essentials.names == [
        "started", "roundStarted", "reasoningStarted", "reasoningDelta", "reasoningEnded", "hostedToolCall",
        "hostedToolResult", "hostedToolCall", "hostedToolResult", "roundEnded", "roundStarted", "textStarted",
        "textDelta", "textEnded", "raw", "usage", "roundEnded", "finished",
      ])
    #expect(seen.contains(.roundStarted(1)))
    #expect(seen.response.rounds == 2)
    #expect(seen.response.hostedCalls.first?.arguments == #"{"q":1}"#)
    #expect(seen.response.hostedResults.map(\.outcome) == [.success, .failure])
    #expect(seen.finish?.reason == .stop)
  }

  @Test func `an error and the end that still comes are one failure`() {
    let seen = decode(
      .lmStudio,
      named(
        ("chat.start", ""), ("error", #""error":{"type":"model_not_found","message":"no such model"}"#),
        chatEnd))
    #expect(seen.failure?.kind == .modelNotFound)
    #expect(seen.terminals == 1)
  }

  @Test func `without its end a chat is truncated`() {
    let seen = decode(
      .lmStudio,
      named(
        ("chat.start", ""), ("message.start", ""), ("message.delta", #""content":"Hi""#), ("message.end", ""))
    )
    #expect(seen.failure?.kind == .truncated)
  }

  @Test func `the name of an event may stand in its frame only`() {
    let seen = decode(
      .lmStudio,
      "event: chat.start\ndata: {}\n\nevent: message.delta\ndata: {\"content\":\"Hi\"}\n\nevent: chat.end\ndata: {}\n\n"
    )
    #expect(seen.response.text == "Hi")
    #expect(seen.finish != nil)
  }

  @Test func `its OpenAI and Anthropic forms are understood`() {
    #expect(
      decode(
        .lmStudio,
        events(#"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]}"#, "[DONE]")
      ).response.text == "Hi")
    #expect(
      decode(
        .lmStudio,
        events(
          #"{"type":"response.created","response":{"id":"r"}}"#,
          #"{"type":"response.output_text.delta","output_index":0,"delta":"Hi"}"#,
          #"{"type":"response.completed","response":{"status":"completed"}}"#)
      ).response.text == "Hi")
    #expect(
      decode(
        .lmStudio, events(#"{"type":"message_start","message":{"id":"m"}}"#, #"{"type":"message_stop"}"#)
      ).finish != nil)
  }

  @Test func `an answer that was not streamed is read`() {
    let body = #"""
      {
        "model_instance_id": "m",
        "output": [
          {"type": "reasoning", "content": "Hm"},
          {"type": "tool_call", "tool": "search", "arguments": {"q": 1}, "output": "found", "provider_info": {}},
          {"type": "message", "content": "Hi"}
        ],
        "stats": {"input_tokens": 9, "total_output_tokens": 5},
        "response_id": "r"
      }
      """#
    let seen = decode(.lmStudio, body)
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.text == "Hi")
    #expect(seen.response.hostedCalls.map(\.name) == ["search"])
    #expect(seen.response.hostedResults.map(\.content) == ["found"])
    #expect(seen.response.rounds == 2)
    #expect(seen.response.usage?.totalTokens == 14)
  }

  @Test func `a call without a result is told of all the same`() {
    let seen = decode(
      .lmStudio,
      named(
        ("chat.start", ""), ("tool_call.start", #""tool":"search""#),
        ("tool_call.arguments", #""arguments":{"q":1}"#), ("tool_call.start", #""tool":"open""#), chatEnd))
    #expect(seen.response.hostedCalls.map(\.name) == ["search", "open"])
  }
}
