// Gemini's fragments and its interactions.
import Testing

@testable import FlowProviders

@Suite struct GeminiReaderTests {
  private func chunk(_ parts: String, _ rest: String = "") -> String {
    #"{"candidates":[{"content":{"parts":[\#(parts)],"role":"model"},"index":0\#(rest)}],"modelVersion":"g","responseId":"r"}"#
  }

  private func seen(_ data: String...) -> [ChatEvent] {
    decode(.gemini, data.map { "data: \($0)\r\n\r\n" }.joined())
  }

  private let stop = #","finishReason":"STOP""#

  @Test func `fragments are increments, usage is a running total`() {
    let seen = seen(
      chunk(#"{"text":"Hm","thought":true}"#), chunk(#"{"text":"Hel"}"#), chunk(#"{"text":"lo"}"#, stop),
      #"{"usageMetadata":{"promptTokenCount":8,"candidatesTokenCount":2,"thoughtsTokenCount":5,"totalTokenCount":15}}"#
    )
    #expect(seen.response.text == "Hello")
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.usage?.outputTokens == 2)
    #expect(seen.response.usage?.allOutputTokens == 7)
    #expect(seen.finish == Finish(.stop, raw: "STOP"))
    #expect(seen.warnings.isEmpty)
    #expect(seen.first == .started(.init(id: "r", model: "g")))
  }

  @Test func `a finish in every fragment ends nothing before the end of the bytes`() {
    let seen = seen(
      chunk(#"{"text":"a"}"#, stop), chunk(#"{"text":"b"}"#, stop),
      chunk(#"{"text":"c"}"#, #","finishReason":"MAX_TOKENS""#))
    #expect(seen.response.text == "abc")
    #expect(seen.finish?.reason == .length)
    #expect(seen.names.count { $0 == "textStarted" } == 1)
  }

  @Test func `without any finish it is truncated`() {
    #expect(seen(chunk(#"{"text":"a"}"#)).failure?.kind == .truncated)
    #expect(seen(#"{"candidates":[{"content":{},"index":0}]}"#).failure?.kind == .truncated)
  }

  @Test func `candidates may lack content, and content its parts`() {
    let seen = seen(
      #"{"candidates":[{"index":0}]}"#,
      #"{"candidates":[{"content":{"role":"model"},"finishReason":"STOP"}]}"#)
    #expect(seen.finish?.reason == .stop)
  }

  @Test func `calls come whole, get ids, and end the turn in calls`() {
    let seen = seen(
      chunk(
        #"{"functionCall":{"name":"f","args":{"x":[1, 2]}},"thoughtSignature":"s"},{"functionCall":{"name":"g"}}"#,
        stop))
    #expect(seen.calls.map(\.arguments) == [#"{"x":[1, 2]}"#, "{}"])
    #expect(seen.calls.first?.signature == "s")
    #expect(Set(seen.calls.map(\.id)).count == 2)
    #expect(seen.finish == Finish(.toolCalls, raw: "STOP"))
  }

  @Test func `calls in pieces are put together by their paths`() {
    func piece(_ fields: String) -> String { chunk(#"{"functionCall":{\#(fields)}}"#) }
    let seen = seen(
      piece(#""name":"cook","willContinue":true"#),
      piece(
        #""partialArgs":[{"jsonPath":"$.dish.name","stringValue":"La","willContinue":true}],"willContinue":true"#
      ),
      piece(
        #""partialArgs":[{"jsonPath":"$.dish.name","stringValue":"sagna","willContinue":true}],"willContinue":true"#
      ),
      piece(#""partialArgs":[{"jsonPath":"$.dish.name","stringValue":""}],"willContinue":true"#),
      piece(#""willContinue":true"#),
      piece(
        #""partialArgs":[{"jsonPath":"$.steps[1]","stringValue":"b"},{"jsonPath":"$.steps[0]","stringValue":"a"}],"willContinue":true"#
      ),
      piece(
        #""partialArgs":[{"jsonPath":"$['for'].n","numberValue":2},{"jsonPath":"$.hot","boolValue":true},{"jsonPath":"$.x","nullValue":"NULL_VALUE"}],"willContinue":true"#
      ),
      piece(""), piece(#""name":"eat","willContinue":true"#),
      piece(#""partialArgs":[{"jsonPath":"$.price","numberValue":0.5}]"#), chunk(#"{"text":""}"#, stop))
    #expect(seen.calls.map(\.name) == ["cook", "eat"])
    #expect(
      seen.calls[0].value == [
        "dish": ["name": "Lasagna"], "steps": ["a", "b"], "for": ["n": 2], "hot": true, "x": nil,
      ])
    #expect(seen.calls[1].value == ["price": 0.5])
  }

  @Test func `a call in pieces without its last frame ends with the answer`() {
    let seen = seen(
      chunk(#"{"functionCall":{"name":"f","willContinue":true}}"#),
      chunk(
        #"{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"x","willContinue":true}],"willContinue":true}}"#
      ),
      chunk(#"{"text":""}"#, stop))
    #expect(seen.calls.first?.value == ["a": "x"])
  }

  @Test func `a blocked prompt has no candidates`() {
    let seen = seen(#"{"promptFeedback":{"blockReason":"SAFETY","blockReasonMessage":"because"}}"#)
    #expect(seen.finish == Finish(.contentFilter, raw: "SAFETY", detail: "because"))
  }

  @Test(arguments: [
    ("SAFETY", FinishReason.contentFilter), ("RECITATION", .contentFilter), ("SPII", .contentFilter),
    ("MALFORMED_FUNCTION_CALL", .error), ("FAKE_ENUM", .other("FAKE_ENUM")),
  ])
  func `finish reasons`(raw: String, reason: FinishReason) {
    #expect(seen(chunk("", #","finishReason":"\#(raw)""#)).finish == Finish(reason, raw: raw))
  }

  @Test func `a bare error behind the events is the failure`() {
    let text =
      "data: \(chunk(#"{"text":"First "}"#, stop))\r\n\r\n{\r\n  \"error\": {\r\n    \"code\": 499,\r\n    \"message\": \"cancelled {\\\"}\",\r\n    \"status\": \"CANCELLED\"\r\n  }\r\n}\r\n"
    let seen = decode(.gemini, text)
    #expect(seen.failure?.message == "cancelled {\"}")
    #expect(seen.failure?.status == 499)
    #expect(seen.response.text == "First ")
  }

  @Test func `an array of chunks is streamed, one by one`() {
    var decoder = ChatDecoder(.gemini)
    let first = decoder.decode(Array("[\(chunk(#"{"text":"a"}"#))\n".utf8))
    #expect(first.response.text == "a")
    let rest = decoder.decode(Array(",\n\(chunk(#"{"text":"b"}"#, stop))\n]\n".utf8)) + decoder.finish()
    #expect((first + rest).response.text == "ab")
    #expect(rest.finish?.reason == .stop)
  }

  @Test func `an error in an array is the failure`() {
    let seen = decode(
      .gemini,
      #"[{"error":{"code":429,"message":"Slow down","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34s"}]}}]"#
    )
    #expect(seen.failure?.kind == .rateLimited)
    #expect(seen.failure?.retryAfter == .seconds(34))
  }

  @Test func `code, files and grounding are told apart`() {
    let seen = seen(
      chunk(
        #"{"executableCode":{"language":"PYTHON","code":"print(1)"}},{"codeExecutionResult":{"outcome":"OUTCOME_OK","output":"1"}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}"#
      ),
      chunk(
        #"{"text":"a"}"#,
        #","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u","title":"t"}}]},"citationMetadata":{"citations":[{"uri":"v"}]}"#
      ),
      chunk(
        #"{"text":"b"}"#,
        #","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u","title":"t"}}]}"# + stop))
    #expect(seen.response.hostedCalls.map(\.name) == ["code_execution"])
    #expect(seen.response.hostedResults.map(\.content) == ["1"])
    #expect(seen.response.files == [.init(mimeType: "image/png", base64: "AAAA")])
    #expect(seen.response.sources.map(\.url) == ["v", "u"])
  }

  @Test func `interactions are steps that open, grow and close`() {
    let text = [
      #"{"event_type":"interaction.created","interaction":{"id":"v1","model":"g"}}"#,
      #"{"event_type":"step.start","index":0,"step":{"type":"thought"}}"#,
      #"{"event_type":"step.delta","index":0,"delta":{"type":"thought_summary","content":{"type":"text","text":"Hm"}}}"#,
      #"{"event_type":"step.delta","index":0,"delta":{"type":"thought_signature","signature":"s"}}"#,
      #"{"event_type":"step.stop","index":0}"#,
      #"{"event_type":"step.start","index":1,"step":{"type":"model_output"}}"#,
      #"{"event_type":"step.delta","index":1,"delta":{"type":"text","text":"40"}}"#,
      #"{"event_type":"step.stop","index":1}"#,
      #"{"event_type":"step.start","index":2,"step":{"type":"function_call","id":"c","name":"f","arguments":{}}}"#,
      #"{"event_type":"step.delta","index":2,"delta":{"type":"arguments_delta","arguments":"{\"x\":1}"}}"#,
      #"{"event_type":"step.stop","index":2}"#,
    ]
    let end =
      #"{"event_type":"interaction.completed","interaction":{"id":"v1","status":"requires_action","usage":{"total_input_tokens":3,"total_output_tokens":4,"total_thought_tokens":5,"total_tokens":12}}}"#
    let frames = text.map { "data: \($0)\n\n" }.joined()
    let seen = decode(.gemini, frames + "data: \(end)\n\nevent: done\ndata: [DONE]\n\n")
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.response.text == "40")
    #expect(seen.calls == [ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#)])
    #expect(seen.finish == Finish(.toolCalls, raw: "requires_action"))
    #expect(seen.response.usage?.allOutputTokens == 9)
    #expect(decode(.gemini, frames).failure?.kind == .truncated)
  }

  @Test func `a signature may come with a call, with text, or alone behind it`() {
    let seen = seen(
      chunk(#"{"text":"Hm","thought":true}"#), chunk(#"{"text":"Hi","thoughtSignature":"s"}"#),
      chunk(#"{"text":"","thoughtSignature":"t"}"#, stop))
    #expect(seen.response.text == "Hi")
    #expect(seen.response.reasoning == "Hm")
    let signatures = seen.compactMap { if case .reasoningSignature(let text, _) = $0 { text } else { nil } }
    #expect(signatures == ["s", "t"])
  }

  @Test func `several candidates keep apart`() {
    let seen = seen(
      #"{"candidates":[{"content":{"parts":[{"text":"a"}]},"index":0},{"content":{"parts":[{"text":"b"}]},"index":1}]}"#,
      #"{"candidates":[{"finishReason":"STOP","index":0},{"finishReason":"MAX_TOKENS","index":1}]}"#)
    #expect(seen.response.choices.map(\.text) == ["a", "b"])
    #expect(seen.finish?.others == [1: .length])
  }

  @Test func `calls with ids keep them, and arguments may be missing`() {
    let seen = seen(
      chunk(
        #"{"functionCall":{"id":"x","name":"f"}},{"functionCall":{"id":"y","name":"g","args":null}}"#, stop))
    #expect(seen.calls == [ToolCall(id: "x", name: "f"), ToolCall(id: "y", name: "g")])
  }

  @Test func `a gateway may wrap every fragment once more`() {
    #expect(seen(#"{"response":\#(chunk(#"{"text":"Hi"}"#, stop))}"#).response.text == "Hi")
  }
}
