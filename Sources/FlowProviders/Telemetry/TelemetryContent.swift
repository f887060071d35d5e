// What was said, for those who ask for it.

/// Whether what was said is told.
public enum TelemetryContent: Sendable, Hashable {
  /// Nothing of it, ever.
  case none
  /// Prompts and answers, each part cut to `limit` bytes, with what looks like a key masked. Everybody who can read the
  /// traces can read them.
  case recorded(upTo: Int)

  /// What was asked, and what was answered, as OpenTelemetry has it.
  func write(
    _ request: ChatRequest, _ response: ChatResponse?, _ error: ProviderError?, to object: inout JSONObject
  ) {
    guard case .recorded(let limit) = self else { return }
    let asked = request.messages.map { message -> JSONValue in
      [
        "role": .string(message.role.rawValue),
        "parts": .array(message.parts.map { TelemetryContent.part($0, limit) }),
      ]
    }
    object["gen_ai.input.messages"] = .string(JSONValue.array(asked).text)
    if let response {
      var answer: JSONObject = [
        "role": "assistant",
        "parts": .array(response.message.parts.map { TelemetryContent.part($0, limit) }),
      ]
      if let finish = response.finish { answer["finish_reason"] = .string(finish.reason.genAI) }
      object["gen_ai.output.messages"] = .string(JSONValue.array([.object(answer)]).text)
    }
    if let error { object["error.message"] = .string(TelemetryContent.shown(error.message, limit)) }
  }

  private static func part(_ part: Message.Part, _ limit: Int) -> JSONValue {
    switch part {
    case .text(let text): ["type": "text", "content": .string(shown(text, limit))]
    case .reasoning(let text, _): ["type": "reasoning", "content": .string(shown(text, limit))]
    case .image(let media): blob("image", media)
    case .audio(let media): blob("audio", media)
    case .file(let media): blob("file", media)
    case .toolCall(let call):
      [
        "type": "tool_call", "id": .string(call.id), "name": .string(call.name),
        "arguments": .string(shown(call.arguments, limit)),
      ]
    case .toolResult(let result):
      [
        "type": "tool_call_response", "id": .string(result.id),
        "response": .string(shown(result.content, limit)),
      ]
    case .raw: ["type": "raw"]
    }
  }

  private static func blob(_ modality: String, _ media: Media) -> JSONValue {
    ["type": "blob", "modality": .string(modality), "mime_type": media.mimeType.map { .string($0) } ?? .null]
  }

  /// Masked before it is cut: half a key would not be found.
  private static func shown(_ text: String, _ limit: Int) -> String {
    let masked = ErrorText.masked(text)
    return masked.utf8.count <= limit
      ? masked : String(decoding: masked.utf8.prefix(max(0, limit)), as: UTF8.self) + "…"
  }
}
