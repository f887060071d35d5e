// OpenAI's Responses: the request.

/// OpenAI's Responses API.
public struct OpenAIResponses: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]
  /// Goes on from a response that the server keeps: then only the new messages are sent.
  public var previousResponseID: String?
  /// Whether the server keeps the response. Unless it does, thoughts come encrypted, to be sent back.
  public var storage: Storage

  public enum Storage: String, Sendable, Hashable {
    case kept, notKept
  }

  public init(
    base: String = "https://api.openai.com/v1", key: Secret? = nil, headers: [WireRequest.Header] = [],
    previousResponseID: String? = nil, storage: Storage = .notKept
  ) {
    self.base = base
    self.key = key
    self.headers = headers
    self.previousResponseID = previousResponseID
    self.storage = storage
  }

  public var name: String { "openai-responses" }
  public var wire: WireProtocol { .openAIResponses }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["model": .string(request.model)]
    body.set("instructions", request.system)
    let turns = previousResponseID == nil ? request.turns : request.newTurns
    // A result does not say what it answers: the call does.
    let custom = Set(request.messages.flatMap(\.toolCalls).filter { $0.form == .custom }.map(\.id))
    body["input"] = .array(turns.flatMap { items($0, custom) })
    body["stream"] = true
    body["store"] = .bool(storage == .kept)
    body.set("previous_response_id", previousResponseID)
    if !request.tools.isEmpty {
      body["tools"] = .array(request.tools.map(tool))
      switch request.toolChoice {
      case .automatic: break
      case .none: body["tool_choice"] = "none"
      case .required: body["tool_choice"] = "required"
      case .tool(let name): body["tool_choice"] = ["type": "function", "name": .string(name)]
      }
      body.set("parallel_tool_calls", request.parallelToolCalls)
    }
    body.set("max_output_tokens", request.maxOutputTokens)
    body.set("temperature", request.temperature)
    body.set("top_p", request.topP)
    body.set("top_logprobs", request.logprobs)
    body.set("safety_identifier", request.user)
    var include = request.logprobs == nil ? [] : ["message.output_text.logprobs"]
    if let reasoning = request.reasoning {
      var object = JSONObject()
      object.set("effort", reasoning.isOff ? "none" : reasoning.effort)
      if reasoning.isShown, !reasoning.isOff { object["summary"] = "auto" }
      body["reasoning"] = .object(object)
      if storage == .notKept { include.append("reasoning.encrypted_content") }
    }
    body.set("include", include)
    switch request.responseFormat {
    case .text: break
    case .json: body["text"] = ["format": ["type": "json_object"]]
    case .schema(let schema, let name):
      body["text"] = [
        "format": ["type": "json_schema", "name": .string(name), "schema": schema, "strict": true]
      ]
    }
    return WireRequest(
      base: base, path: "/responses", authorization: WireRequest.bearer(key), headers: headers, body: body,
      extra: request.extra)
  }

  private func tool(_ tool: ToolDefinition) -> JSONValue {
    var object = tool.named(parameters: "parameters")
    object["type"] = "function"
    // Here, unlike elsewhere, strictness is the default.
    object["strict"] = .bool(tool.isStrict ?? false)
    return .object(object)
  }

  /// A message becomes an item for its text, and one for each thought, call and result, in their order.
  private func items(_ message: Message, _ custom: Set<String>) -> [JSONValue] {
    var items: [JSONValue] = []
    var content: [JSONValue] = []
    func flush() {
      if !content.isEmpty {
        items.append(["type": "message", "role": .string(message.role.rawValue), "content": .array(content)])
      }
      content = []
    }
    for part in message.parts {
      switch part {
      case .text(let text):
        let type: JSONValue = message.role == .assistant ? "output_text" : "input_text"
        content.append(["type": type, "text": .string(text)])
      case .image(let image): content.append(["type": "input_image", "image_url": .string(image.dataURL)])
      case .audio(let file), .file(let file):
        switch file.content {
        case .url(let url): content.append(["type": "input_file", "file_url": .string(url)])
        case .bytes:
          content.append([
            "type": "input_file", "filename": .string(file.name ?? "file"),
            "file_data": .string(file.dataURL),
          ])
        }
      case .reasoning(let text, let signature):
        // Without what the server signed, it would not know its own thoughts.
        guard let signature else { continue }
        flush()
        let summary: [JSONValue] = text.isEmpty ? [] : [["type": "summary_text", "text": .string(text)]]
        items.append([
          "type": "reasoning", "summary": .array(summary), "encrypted_content": .string(signature),
        ])
      case .toolCall(let call):
        flush()
        let isCustom = call.form == .custom
        items.append([
          "type": isCustom ? "custom_tool_call" : "function_call", "call_id": .string(call.id),
          "name": .string(call.name), isCustom ? "input" : "arguments": .string(call.arguments),
        ])
      case .toolResult(let result):
        flush()
        items.append([
          "type": custom.contains(result.id) ? "custom_tool_call_output" : "function_call_output",
          "call_id": .string(result.id), "output": .string(result.content),
        ])
      case .raw(let value):
        flush()
        items.append(value)
      }
    }
    flush()
    return items
  }
}
