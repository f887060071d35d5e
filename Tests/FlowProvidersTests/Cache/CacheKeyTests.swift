// What makes two requests the same.
import Testing

@testable import FlowProviders

@Suite struct CacheKeyTests {
  private let request = ChatRequest(model: "m", prompt: "Why is the sky blue?").with(\.temperature, 0.5)

  private func key(_ request: ChatRequest) -> CacheKey { CacheKey(request, provider: "p") }

  @Test func `the canonical form is written down, and so is its hash`() {
    let form = CacheKey.meaning(of: request.with(\.stop, ["b", "a"]), provider: "p", scope: "s").text
    #expect(
      form
        == #"{"form":1,"messages":[{"parts":[{"text":"Why is the sky blue?"}],"role":"user"}],"#
        + #""model":"m","provider":"p","scope":"s","stop":["a","b"],"temperature":0.5}"#)
    #expect(
      CacheKey(request.with(\.stop, ["b", "a"]), provider: "p", scope: "s").digest == sha256(form.utf8))
  }

  @Test func `who asks, and what a cache may do, does not count`() {
    #expect(key(request) == key(request.with(\.user, "u").with(\.cacheUse, .refresh)))
    #expect(key(request) == key(request.with(\.extra, ["user": "u", "timeout": 3])))
  }

  @Test func `the order of an object's members does not count, nor how a whole number is written`() {
    let a = request.with(\.extra, ["x": 1, "y": ["a": 1.0, "b": 2]])
    let b = request.with(\.extra, ["y": ["b": 2, "a": 1], "x": 1])
    #expect(key(a) == key(b))
  }

  @Test func `everything that changes the answer counts`() {
    let tool = ToolDefinition(name: "t", parameters: ["type": "object"])
    let others: [ChatRequest] = [
      request.with(\.model, "n"), request.with(\.messages, [.user("Why?")]),
      request.with(\.messages, [.system("Why is the sky blue?")]), request.with(\.temperature, 0.6),
      request.with(\.temperature, nil), request.with(\.topP, 0.5), request.with(\.topK, 5),
      request.with(\.minP, 0.5), request.with(\.frequencyPenalty, 0.5), request.with(\.presencePenalty, 0.5),
      request.with(\.repetitionPenalty, 0.5), request.with(\.seed, 1), request.with(\.maxOutputTokens, 1),
      request.with(\.stop, ["a"]), request.with(\.choices, 2), request.with(\.logprobs, 0),
      request.with(\.tools, [tool]), request.with(\.toolChoice, .none), request.with(\.toolChoice, .required),
      request.with(\.toolChoice, .tool("t")), request.with(\.parallelToolCalls, false),
      request.with(\.responseFormat, .json), request.with(\.responseFormat, .schema(["type": "object"])),
      request.with(\.reasoning, ReasoningOptions(effort: "low")), request.with(\.extra, ["x": 1]),
      request.with(\.messages, [.user(.image(Media(bytes: [1], mimeType: "image/png")))]),
      request.with(\.messages, [.user(.image(Media(bytes: [2], mimeType: "image/png")))]),
    ]
    let keys = Set(([request] + others).map { key($0) })
    #expect(keys.count == others.count + 1)
    #expect(CacheKey(request, provider: "q") != key(request))
    #expect(CacheKey(request, provider: "p", scope: "s") != key(request))
  }

  @Test func `of the ids of calls only counts which result belongs to which call`() {
    func conversation(_ first: String, _ second: String, answering id: String) -> ChatRequest {
      ChatRequest(
        model: "m",
        messages: [
          .assistant(
            .toolCall(ToolCall(id: first, name: "f", arguments: #"{"x":1,"y":2}"#)),
            .toolCall(ToolCall(id: second, name: "f", arguments: #"{"y":2,"x":1}"#))),
          .tool(ToolResult(id: id, name: "f", content: "r")),
        ])
    }
    let a = conversation("call_1", "call_2", answering: "call_1")
    #expect(key(a) == key(conversation("x", "y", answering: "x")))
    #expect(key(a) != key(conversation("x", "y", answering: "y")))
  }
}
