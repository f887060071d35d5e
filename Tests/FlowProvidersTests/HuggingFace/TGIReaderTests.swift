// The tokens of a text generation inference server.
import Testing

@testable import FlowProviders

@Suite struct TGIReaderTests {
  private func token(
    _ text: String, special: Bool = false, rest: String = #""generated_text":null,"details":null"#
  ) -> String {
    "data:{\"index\":1,\"token\":{\"id\":1,\"text\":\"\(text)\",\"logprob\":-1.2,\"special\":\(special)},\(rest)}\n\n"
  }

  @Test func `tokens are text, marks of the model's language are not`() {
    let end =
      #""generated_text":" a b","details":{"finish_reason":"eos_token","generated_tokens":3,"seed":null,"input_length":12}"#
    let seen = decode(.tgi, token(" a") + ":\n\n" + token(" b") + token("</s>", special: true, rest: end))
    #expect(seen.response.text == " a b")
    #expect(seen.finish == Finish(.stop, raw: "eos_token"))
    #expect(seen.response.usage == Usage(inputTokens: 12, outputTokens: 3, totalTokens: 15))
    #expect(seen.names.contains("heartbeat"))
  }

  @Test(arguments: [("length", FinishReason.length), ("stop_sequence", .stop)])
  func `finish reasons`(raw: String, reason: FinishReason) {
    let end = #""generated_text":"a","details":{"finish_reason":"\#(raw)","generated_tokens":1}"#
    #expect(decode(.tgi, token("a", rest: end)).finish?.reason == reason)
  }

  @Test func `without the last frame it is truncated`() {
    #expect(decode(.tgi, token("a")).failure?.kind == .truncated)
  }

  @Test func `errors come as frames`() {
    let seen = decode(
      .tgi,
      token("a") + #"data:{"error":"Request failed during generation","error_type":"generation"}"# + "\n\n")
    #expect(seen.failure?.kind == .serverError)
    #expect(seen.failure?.code == "generation")
    #expect(
      decode(.tgi, #"data:{"error":"Model is overloaded","error_type":"overloaded"}"# + "\n\n").failure?.kind
        == .overloaded)
    #expect(
      decode(.tgi, #"{"error":"Input validation error","error_type":"validation"}"#).failure?.kind
        == .invalidRequest)
  }

  @Test func `its chat form is understood, with its own finishes and no end mark`() {
    let seen = decode(
      .tgi,
      events(
        #"{"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":""}]}"#,
        #"{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"eos_token"}]}"#))
    #expect(seen.response.text == "Hi")
    #expect(seen.finish?.reason == .stop)
    #expect(seen.warnings.isEmpty)
    let failed = decode(.tgi, events(#"{"error":{"message":"too long","http_status_code":422}}"#, "[DONE]"))
    #expect(failed.failure?.status == 422)
    #expect(failed.terminals == 1)
  }

  @Test func `without details the last frame still ends it`() {
    let seen = decode(.tgi, token("a") + token("b", rest: #""generated_text":"ab","details":null"#))
    #expect(seen.response.text == "ab")
    #expect(seen.finish == Finish(.stop))
  }

  @Test func `an answer that was not streamed is read, alone or in a list`() {
    let body = #"{"generated_text":"Hi","details":{"finish_reason":"length","generated_tokens":2}}"#
    for text in [body, "[\(body)]"] {
      #expect(decode(.tgi, text).response.text == "Hi")
      #expect(decode(.tgi, text).finish?.reason == .length)
    }
  }

  @Test func `its chat form calls tools, with arguments as an object`() {
    let seen = decode(
      .tgi,
      events(
        #"{"choices":[{"index":0,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"","type":"function","function":{"name":"f","arguments":{"x":1}}}]},"finish_reason":null}]}"#,
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
        "[DONE]"))
    #expect(seen.calls.first?.value == ["x": 1])
    #expect(seen.finish?.reason == .toolCalls)
    #expect(seen.response.usage?.totalTokens == 5)
  }
}
