// Cohere: the request.

/// Cohere's chat, version 2.
public struct Cohere: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]

  public init(
    base: String = "https://api.cohere.com", key: Secret? = nil, headers: [WireRequest.Header] = []
  ) {
    self.base = base
    self.key = key
    self.headers = headers
  }

  public var name: String { "cohere" }
  public var wire: WireProtocol { .cohere }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["model": .string(request.model)]
    body["messages"] = .array(request.messages.flatMap(messages))
    body["stream"] = true
    if !request.tools.isEmpty {
      body["tools"] = .array(request.tools.map { ["type": "function", "function": $0.openAIFunction] })
      switch request.toolChoice {
      case .automatic: break
      case .none: body["tool_choice"] = "NONE"
      // No single tool can be named.
      case .required, .tool: body["tool_choice"] = "REQUIRED"
      }
    }
    body.set("max_tokens", request.maxOutputTokens)
    body.set("temperature", request.temperature)
    body.set("p", request.topP)
    body.set("k", request.topK)
    body.set("seed", request.seed)
    body.set("frequency_penalty", request.frequencyPenalty)
    body.set("presence_penalty", request.presencePenalty)
    if !request.stop.isEmpty { body["stop_sequences"] = .array(request.stop.map { .string($0) }) }
    if request.logprobs != nil { body["logprobs"] = true }
    if let reasoning = request.reasoning {
      let isOff = reasoning.maxTokens == 0 || reasoning.effort == "none"
      var thinking: JSONObject = ["type": isOff ? "disabled" : "enabled"]
      if !isOff { thinking.set("token_budget", reasoning.maxTokens) }
      body["thinking"] = .object(thinking)
    }
    switch request.responseFormat {
    case .text: break
    case .json: body["response_format"] = ["type": "json_object"]
    case .schema(let schema, _): body["response_format"] = ["type": "json_object", "json_schema": schema]
    }
    return WireRequest(
      base: base, path: "/v2/chat", authorization: WireRequest.bearer(key), headers: headers, body: body,
      extra: request.extra)
  }

  private func messages(_ message: Message) -> [JSONValue] {
    if message.role == .tool {
      return message.toolResults.map {
        ["role": "tool", "tool_call_id": .string($0.id), "content": .string($0.content)]
      }
    }
    var object: JSONObject = ["role": .string(message.role.rawValue)]
    if message.toolCalls.isEmpty {
      object["content"] = content(message)
    } else {
      // What the model says before its calls is its plan.
      if !message.text.isEmpty { object["tool_plan"] = .string(message.text) }
      object["tool_calls"] = .array(
        message.toolCalls.map {
          [
            "id": .string($0.id), "type": "function",
            "function": ["name": .string($0.name), "arguments": .string($0.arguments)],
          ]
        })
    }
    return [.object(object)]
  }

  private func content(_ message: Message) -> JSONValue {
    let images = message.parts.compactMap { part -> JSONValue? in
      if case .image(let image) = part {
        ["type": "image_url", "image_url": ["url": .string(image.dataURL)]]
      } else {
        nil
      }
    }
    if images.isEmpty { return .string(message.text) }
    return .array([["type": "text", "text": .string(message.text)]] + images)
  }
}
