// What OpenAI's chat, and those who took its words over, make of messages and tools.

extension Message {
  /// A string when there is nothing but text: some servers know nothing else.
  var openAIContent: JSONValue {
    let values = parts.compactMap(\.openAIPart)
    let isText = parts.allSatisfy { part in
      switch part {
      case .image, .audio, .file, .raw: false
      case .text, .reasoning, .toolCall, .toolResult: true
      }
    }
    return isText ? .string(text) : .array(values)
  }

  /// A message for each result.
  var openAIResults: [JSONObject] {
    toolResults.map {
      ["role": "tool", "tool_call_id": .string($0.id), "content": .string($0.content)]
    }
  }
}

extension Message.Part {
  fileprivate var openAIPart: JSONValue? {
    switch self {
    case .text(let text): return ["type": "text", "text": .string(text)]
    case .image(let image): return ["type": "image_url", "image_url": ["url": .string(image.dataURL)]]
    case .audio(let audio):
      let format =
        audio.mimeType?.split(separator: "/").last.map { $0 == "mpeg" ? "mp3" : String($0) } ?? "wav"
      return [
        "type": "input_audio",
        "input_audio": ["data": .string(audio.base64 ?? ""), "format": .string(format)],
      ]
    case .file(let file):
      return [
        "type": "file",
        "file": ["filename": .string(file.name ?? "file"), "file_data": .string(file.dataURL)],
      ]
    case .raw(let value): return value
    case .reasoning, .toolCall, .toolResult: return nil
    }
  }
}

extension ToolDefinition {
  /// - Parameter strictness: whether the provider knows the word `strict`.
  func openAITool(strictness: Bool = true) -> JSONValue {
    var function = named(parameters: "parameters")
    if strictness { function.set("strict", isStrict) }
    return ["type": "function", "function": .object(function)]
  }
}

extension ToolCall {
  var openAICall: JSONObject {
    switch form {
    case .function:
      [
        "id": .string(id), "type": "function",
        "function": ["name": .string(name), "arguments": .string(arguments)],
      ]
    case .custom:
      ["id": .string(id), "type": "custom", "custom": ["name": .string(name), "input": .string(arguments)]]
    }
  }

  /// The call with its signature, where Gemini's OpenAI form looks for it.
  var signedCall: JSONObject {
    var object = openAICall
    if let signature { object["extra_content"] = ["google": ["thought_signature": .string(signature)]] }
    return object
  }
}
