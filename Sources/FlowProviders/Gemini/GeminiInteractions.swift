// Gemini's Interactions: the request.

/// Gemini's Interactions API.
public struct GeminiInteractions: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]
  /// Goes on from an interaction that the server keeps: then only the new messages are sent.
  public var previousInteractionID: String?
  public var storage: OpenAIResponses.Storage

  public init(
    base: String = "https://generativelanguage.googleapis.com/v1beta", key: Secret? = nil,
    headers: [WireRequest.Header] = [], previousInteractionID: String? = nil,
    storage: OpenAIResponses.Storage = .notKept
  ) {
    self.base = base
    self.key = key
    self.headers = headers
    self.previousInteractionID = previousInteractionID
    self.storage = storage
  }

  public var name: String { "gemini-interactions" }
  public var wire: WireProtocol { .gemini }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["model": .string(request.model)]
    body.set("system_instruction", request.system)
    let turns = previousInteractionID == nil ? request.turns : request.newTurns
    body["input"] = .array(turns.flatMap(steps))
    body["stream"] = true
    body["store"] = .bool(storage == .kept)
    body.set("previous_interaction_id", previousInteractionID)
    if !request.tools.isEmpty {
      body["tools"] = .array(
        request.tools.map { tool in
          var object = tool.named(parameters: "parameters")
          object["type"] = "function"
          return .object(object)
        })
    }
    var configuration = JSONObject()
    configuration.set("max_output_tokens", request.maxOutputTokens)
    configuration.set("temperature", request.temperature)
    configuration.set("top_p", request.topP)
    configuration.set("seed", request.seed)
    configuration.set("stop_sequences", request.stop)
    if let reasoning = request.reasoning {
      if !reasoning.isOff { configuration.set("thinking_level", reasoning.effort) }
      if reasoning.isShown, !reasoning.isOff { configuration["thinking_summaries"] = "auto" }
    }
    switch request.toolChoice {
    case _ where request.tools.isEmpty: break
    case .automatic: break
    case .none: configuration["tool_choice"] = "none"
    case .required: configuration["tool_choice"] = "any"
    case .tool(let name):
      configuration["tool_choice"] = ["allowed_tools": ["mode": "any", "tools": [.string(name)]]]
    }
    if !configuration.isEmpty { body["generation_config"] = .object(configuration) }
    switch request.responseFormat {
    case .text: break
    case .json: body["response_mime_type"] = "application/json"
    case .schema(let schema, _):
      body["response_mime_type"] = "application/json"
      body["response_format"] = schema
    }
    return WireRequest(
      base: base, path: "/interactions", authorization: key.map { WireRequest.Header("x-goog-api-key", $0) },
      headers: headers, body: body, extra: request.extra)
  }

  private func steps(_ message: Message) -> [JSONValue] {
    var steps: [JSONValue] = []
    var content: [JSONValue] = []
    func flush() {
      let type: JSONValue = message.role == .assistant ? "model_output" : "user_input"
      if !content.isEmpty { steps.append(["type": type, "content": .array(content)]) }
      content = []
    }
    for part in message.parts {
      switch part {
      case .text(let text): content.append(["type": "text", "text": .string(text)])
      case .image(let media): content.append(self.content("image", media))
      case .audio(let media): content.append(self.content("audio", media))
      case .file(let media): content.append(self.content("document", media))
      case .reasoning(_, let signature):
        guard let signature else { continue }
        flush()
        steps.append(["type": "thought", "signature": .string(signature)])
      case .toolCall(let call):
        flush()
        steps.append([
          "type": "function_call", "id": .string(call.id), "name": .string(call.name),
          "arguments": call.object,
        ])
      case .toolResult(let result):
        flush()
        steps.append([
          "type": "function_result", "call_id": .string(result.id), "name": .string(result.name),
          "result": .string(result.content),
        ])
      case .raw(let value):
        flush()
        steps.append(value)
      }
    }
    flush()
    return steps
  }

  private func content(_ type: JSONValue, _ media: Media) -> JSONValue {
    var object: JSONObject = ["type": type]
    object.set("mime_type", media.mimeType)
    switch media.content {
    case .bytes(let bytes): object["data"] = .string(Base64.text(bytes))
    case .url(let url): object["uri"] = .string(url)
    }
    return .object(object)
  }
}
