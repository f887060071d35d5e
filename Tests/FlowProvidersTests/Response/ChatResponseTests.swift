// A whole answer from its events.
import Flows
import Testing

@testable import FlowProviders

@Suite struct ChatResponseTests {
  private let seen = decode(
    .anthropic,
    events(
      #"{"type":"message_start","message":{"id":"m","model":"c","usage":{"input_tokens":3}}}"#,
      #"{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"Hm"}}"#,
      #"{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}"#,
      #"{"type":"content_block_stop","index":0}"#,
      #"{"type":"content_block_start","index":1,"content_block":{"type":"text","text":"Hi"}}"#,
      #"{"type":"content_block_stop","index":1}"#,
      #"{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t","name":"f","input":{"x":1}}}"#,
      #"{"type":"content_block_stop","index":2}"#,
      #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":4}}"#,
      #"{"type":"message_stop"}"#))

  @Test func `puts the answer together`() {
    let response = ChatResponse(seen)
    #expect(response.id == "m" && response.model == "c" && response.rounds == 1)
    #expect(response.text == "Hi" && response.reasoning == "Hm")
    #expect(response.toolCalls == [ToolCall(id: "t", name: "f", arguments: #"{"x":1}"#)])
    #expect(response.usage?.totalTokens == 7)
    #expect(response.finish?.reason == .toolCalls)
  }

  @Test func `is a message that can go back`() {
    #expect(
      ChatResponse(seen).message
        == Message(
          .assistant,
          [
            .reasoning("Hm", signature: "s"), .text("Hi"),
            .toolCall(ToolCall(id: "t", name: "f", arguments: #"{"x":1}"#)),
          ]))
  }

  @Test func `calls that cannot be used do not go back`() {
    let place = ChatEvent.Place(block: 0)
    let response = ChatResponse([
      .toolCall(ToolCall(id: "t", name: "f", arguments: "{", problem: .unfinished), place)
    ])
    #expect(response.toolCalls.count == 1)
    #expect(response.message.parts.isEmpty)
  }

  @Test func `can be read before its end`() {
    var response = ChatResponse()
    for event in seen.prefix(6) { response.add(event) }
    #expect(response.reasoning == "Hm")
    #expect(response.finish == nil)
  }

  @Test func `sums the usage of rounds`() {
    let response = ChatResponse([
      .usage(Usage(inputTokens: 1, outputTokens: 2)), .usage(Usage(inputTokens: 10, outputTokens: 20)),
    ])
    #expect(response.usage == Usage(inputTokens: 11, outputTokens: 22))
  }

  @Test func `a flow collects into it, or throws its failure`() async throws {
    #expect(try await Flow.from(seen).response() == ChatResponse(seen))
    await #expect(throws: ProviderError.self) {
      _ = try await Flow<ChatEvent>.fail(ProviderError(.overloaded, "x")).response()
    }
  }
}
