// Ollama's lines.
import Testing

@testable import FlowProviders

@Suite struct OllamaReaderTests {
  private func line(_ message: String, _ rest: String = #""done":false"#) -> String {
    #"{"model":"q","message":\#(message),\#(rest)}"# + "\n"
  }

  private let done =
    #"{"model":"q","message":{"role":"assistant","content":"!"},"done":true,"done_reason":"stop","load_duration":58847000,"prompt_eval_count":262,"prompt_eval_duration":707514083,"eval_count":473,"eval_duration":6286536118}"#

  @Test func `thoughts, words and the last line's words`() {
    let seen = decode(
      .ollama,
      line(#"{"role":"assistant","content":"","thinking":"Hm"}"#) + line(#"{"content":"Hi"}"#) + done + "\n")
    #expect(
      seen.names == [
        "started", "roundStarted", "reasoningStarted", "reasoningDelta", "reasoningEnded", "textStarted",
        "textDelta",
        "textDelta", "textEnded", "usage", "roundEnded", "finished",
      ])
    #expect(seen.response.text == "Hi!")
    #expect(seen.response.usage?.inputTokens == 262)
    #expect(seen.response.usage?.outputTokens == 473)
    #expect(seen.response.usage?.totalTokens == 735)
    #expect(seen.response.usage?.timing?.load == .nanoseconds(58_847_000))
  }

  @Test func `calls come whole, with or without ids, and end the turn in calls`() {
    let seen = decode(
      .ollama,
      line(
        #"{"content":"","tool_calls":[{"id":"a","function":{"index":0,"name":"f","arguments":{"x": 1}}}]}"#)
        + line(#"{"content":"","tool_calls":[{"function":{"name":"g","arguments":{}}}]}"#) + done)
    #expect(seen.calls.map(\.name) == ["f", "g"])
    #expect(seen.calls.first?.id == "a")
    #expect(seen.calls.last?.id.isEmpty == false)
    #expect(seen.calls.first?.value == ["x": 1])
    #expect(seen.finish == Finish(.toolCalls, raw: "stop"))
  }

  @Test func `generate says response where chat says message`() {
    let seen = decode(
      .ollama,
      #"{"model":"q","response":"That","done":false}"# + "\n"
        + #"{"response":"!","done":true,"done_reason":"length","context":[1,2,3]}"#)
    #expect(seen.response.text == "That!")
    #expect(seen.finish?.reason == .length)
  }

  @Test func `without the done line it is truncated`() {
    #expect(decode(.ollama, line(#"{"content":"Hi"}"#)).failure?.kind == .truncated)
    #expect(decode(.ollama, line(#"{"content":"Hi"}"#) + done.dropLast(4)).failure?.kind == .truncated)
  }

  @Test func `an error line is the failure`() {
    let seen = decode(
      .ollama,
      line(#"{"content":"Hi"}"#) + #"{"error":"an error was encountered while running the model"}"# + "\n"
        + done)
    #expect(seen.failure?.message == "an error was encountered while running the model")
    #expect(seen.terminals == 1)
    #expect(seen.response.text == "Hi")
  }

  @Test func `an old answer without a reason, and a load, are complete`() {
    #expect(decode(.ollama, #"{"model":"q","response":"","done":true}"#).finish == Finish(.stop))
    #expect(
      decode(.ollama, #"{"model":"q","response":"","done":true,"done_reason":"load"}"#).finish
        == Finish(.stop, raw: "load"))
  }

  @Test func `nothing follows the done line`() {
    #expect(decode(.ollama, done + "\n" + done + "\n" + "{").terminals == 1)
  }

  @Test func `a very long line is a line`() {
    let context = (0..<200_000).map { "\($0)" }.joined(separator: ",")
    let seen = decode(.ollama, #"{"response":"Hi","done":true,"done_reason":"stop","context":[\#(context)]}"#)
    #expect(seen.response.text == "Hi")
  }

  @Test func `events where lines were promised are read, and so are objects over several lines`() {
    let events =
      ": hi\nevent: message\nid: 1\ndata: {\"message\":{\"content\":\"Hi\"},\"done\":false}\n\ndata: \(done)\n\n"
    #expect(decode(.ollama, events).response.text == "Hi!")
    let pretty = "{\n  \"model\": \"q\",\n  \"message\": {\"content\": \"Hi\"},\n  \"done\": true\n}\n"
    #expect(decode(.ollama, pretty).response.text == "Hi")
    let error = decode(.ollama, "{\n  \"error\": \"model \\\"x\\\" not found\"\n}\n")
    #expect(error.failure?.kind == .modelNotFound)
    #expect(error.count == 1)
  }

  @Test func `arguments may be a text, and thoughts come with generate`() {
    let seen = decode(
      .ollama,
      #"{"response":"","thinking":"Hm","done":false}"# + "\n"
        + #"{"message":{"tool_calls":[{"function":{"name":"f","arguments":"{\"x\":1}"}}]},"done":true,"done_reason":"stop"}"#
    )
    #expect(seen.response.reasoning == "Hm")
    #expect(seen.calls.first?.value == ["x": 1])
  }
}
