// The JSON form, which is a public interface: what stands here must not change.
import Testing

@testable import FlowProviders

@Suite struct ChatEventJSONTests {
  private let place = ChatEvent.Place(choice: 1, block: 2)

  @Test func `every event has its line`() {
    let call = ToolCall(id: "c", name: "f", arguments: #"{"x":1}"#)
    var broken = call
    broken.problem = .malformed(JSONError(.unexpectedByte, at: 3))
    broken.signature = "s"
    var usage = Usage(inputTokens: 1, outputTokens: 2, totalTokens: 3)
    usage.reasoningTokens = 4
    usage.cachedInputTokens = 5
    usage.cacheWriteTokens = 6
    var timing = Usage.Timing()
    timing.load = .milliseconds(1500)
    usage.timing = timing
    var limits = RateLimits()
    limits.requests = .init(limit: 60, remaining: 59, reset: .milliseconds(500))
    var finish = Finish(.toolCalls, raw: "tool_calls", stopSequence: "x", detail: "d")
    finish.others = [1: .other("odd")]
    let lines: [(ChatEvent, String)] = [
      (.started(.init(id: "a", model: "m")), #"{"type":"started","id":"a","model":"m"}"#),
      (.started(.init()), #"{"type":"started"}"#), (.roundStarted(0), #"{"type":"roundStarted","index":0}"#),
      (.textStarted(place), #"{"type":"textStarted","choice":1,"block":2}"#),
      (.textDelta("a\n\"", place), #"{"type":"textDelta","text":"a\n\"","choice":1,"block":2}"#),
      (.textEnded(place), #"{"type":"textEnded","choice":1,"block":2}"#),
      (.reasoningStarted(place), #"{"type":"reasoningStarted","choice":1,"block":2}"#),
      (.reasoningDelta("a", place), #"{"type":"reasoningDelta","text":"a","choice":1,"block":2}"#),
      (
        .reasoningSignature("s", place),
        #"{"type":"reasoningSignature","signature":"s","choice":1,"block":2}"#
      ),
      (.reasoningEnded(place), #"{"type":"reasoningEnded","choice":1,"block":2}"#),
      (.refusalDelta("a", place), #"{"type":"refusalDelta","text":"a","choice":1,"block":2}"#),
      (
        .toolCallStarted(.init(id: "c", name: "f"), place),
        #"{"type":"toolCallStarted","id":"c","name":"f","choice":1,"block":2}"#
      ),
      (
        .toolArgumentsDelta("{", id: "c", place),
        #"{"type":"toolArgumentsDelta","id":"c","text":"{","choice":1,"block":2}"#
      ),
      (
        .toolCall(call, place),
        #"{"type":"toolCall","id":"c","name":"f","arguments":"{\"x\":1}","form":"function","isValid":true,"choice":1,"block":2}"#
      ),
      (
        .toolCall(broken, place),
        #"{"type":"toolCall","id":"c","name":"f","arguments":"{\"x\":1}","form":"function","isValid":false,"problem":"malformed: unexpected byte at byte 3","signature":"s","choice":1,"block":2}"#
      ),
      (
        .hostedToolCall(call),
        #"{"type":"hostedToolCall","id":"c","name":"f","arguments":"{\"x\":1}","form":"function","isValid":true}"#
      ),
      (
        .hostedToolResult(ToolResult(id: "c", name: "f", content: "r")),
        #"{"type":"hostedToolResult","id":"c","name":"f","content":"r","outcome":"success"}"#
      ),
      (
        .source(.init(url: "u", title: "t", quote: "q")),
        #"{"type":"source","url":"u","title":"t","quote":"q"}"#
      ),
      (
        .file(.init(mimeType: "image/png", base64: "AA==")),
        #"{"type":"file","mimeType":"image/png","base64":"AA=="}"#
      ),
      (.raw(.init(name: "n", json: "{ \"a\" :\n 1 }")), #"{"type":"raw","name":"n","data":{"a":1}}"#),
      (
        .usage(usage),
        #"{"type":"usage","inputTokens":1,"outputTokens":2,"reasoningTokens":4,"cachedInputTokens":5,"cacheWriteTokens":6,"totalTokens":3,"loadSeconds":1.5}"#
      ),
      (
        .rateLimits(limits),
        #"{"type":"rateLimits","requests":{"limit":60,"remaining":59,"resetSeconds":0.5}}"#
      ),
      (.heartbeat, #"{"type":"heartbeat"}"#), (.modelLoad(0.5), #"{"type":"modelLoad","progress":0.5}"#),
      (.promptProgress(1), #"{"type":"promptProgress","progress":1.0}"#),
      (.warning(Warning(.strayBytes, "x")), #"{"type":"warning","kind":"strayBytes","message":"x"}"#),
      (
        .roundEnded(0, Finish(.stop, raw: "stop")),
        #"{"type":"roundEnded","index":0,"reason":"stop","rawReason":"stop"}"#
      ),
      (
        .finished(finish),
        #"{"type":"finished","reason":"toolCalls","rawReason":"tool_calls","stopSequence":"x","detail":"d","otherChoices":[{"choice":1,"reason":"other"}]}"#
      ),
      (
        .failed(
          ProviderError(
            .timeout(.firstToken), "m", status: 429, code: "c", requestID: "r",
            retryAfter: .milliseconds(1500), bodySnippet: "b")),
        #"{"type":"failed","kind":"timeout","phase":"firstToken","message":"m","status":429,"code":"c","requestId":"r","retryAfterSeconds":1.5,"isRetryable":true,"bodySnippet":"b","emitted":{"events":0,"textBytes":0,"reasoningBytes":0,"toolCalls":0}}"#
      ),
      (.cancelled(Usage(inputTokens: 1)), #"{"type":"cancelled","inputTokens":1}"#),
    ]
    for (event, line) in lines { #expect(event.jsonLine == line) }
  }

  @Test func `finish reasons have the names of the interface`() {
    let reasons: [FinishReason] = [
      .stop, .length, .toolCalls, .contentFilter, .refusal, .pause, .error, .other("x"),
    ]
    #expect(
      reasons.map(\.name) == [
        "stop", "length", "toolCalls", "contentFilter", "refusal", "pause", "error", "other",
      ])
  }

  @Test func `kinds of errors have the names of the interface`() {
    #expect(ProviderError.Kind.modelNotFound.name == "modelNotFound")
    #expect(ProviderError.Kind.timeout(.total).name == "timeout")
  }
}
