// OpenAI's chat completions, and everybody who speaks their language.

/// OpenAI's chat completions.
///
/// ```swift
/// let openAI = OpenAIChat(key: "…")
/// let local = OpenAIChat(.llamaCpp(base: "http://127.0.0.1:8080/v1"))
/// ```
public struct OpenAIChat: WireFormat, Hashable {
  public var dialect: OpenAIDialect
  public var key: Secret?
  /// Headers beside the usual ones.
  public var headers: [WireRequest.Header]

  public init(_ dialect: OpenAIDialect = .openAI, key: Secret? = nil, headers: [WireRequest.Header] = []) {
    self.dialect = dialect
    self.key = key
    self.headers = headers
  }

  public var name: String { dialect.name }

  public var wire: WireProtocol {
    let quirks = dialect.quirks
    return WireProtocol(name: "openai-chat", framing: .events) { OpenAIChatReader(quirks: quirks) }
  }

  public func request(for request: ChatRequest) -> WireRequest {
    WireRequest(
      base: dialect.base, path: dialect.path, authorization: authorization,
      headers: dialect.headers + headers,
      body: body(for: request), extra: request.extra)
  }

  private var authorization: WireRequest.Header? {
    switch dialect.authorization {
    case .bearer: WireRequest.bearer(key)
    case .header(let name): key.map { WireRequest.Header(name, $0) }
    }
  }

  private func body(for request: ChatRequest) -> JSONObject {
    var body: JSONObject = ["model": .string(request.model), "messages": .array(messages(request.messages))]
    body["stream"] = true
    if dialect.asksForUsage { body["stream_options"] = ["include_usage": true] }
    addTools(request, to: &body)
    addSampling(request, to: &body)
    addReasoning(request.reasoning, to: &body)
    switch request.responseFormat {
    case .text: break
    case .json: body["response_format"] = ["type": "json_object"]
    case .schema(let schema, let name):
      body["response_format"] = [
        "type": "json_schema", "json_schema": ["name": .string(name), "schema": schema, "strict": true],
      ]
    }
    return body
  }

  private func addTools(_ request: ChatRequest, to body: inout JSONObject) {
    guard !request.tools.isEmpty else { return }
    body["tools"] = .array(request.tools.map { ["type": "function", "function": $0.openAIFunction] })
    switch request.toolChoice {
    case .automatic: break
    case .none: body["tool_choice"] = "none"
    case .required: body["tool_choice"] = .string(dialect.requiredToolChoice)
    case .tool(let name): body["tool_choice"] = ["type": "function", "function": ["name": .string(name)]]
    }
    body.set("parallel_tool_calls", request.parallelToolCalls)
  }

  private func addSampling(_ request: ChatRequest, to body: inout JSONObject) {
    body.set(dialect.maxTokensField, request.maxOutputTokens)
    body.set("temperature", request.temperature)
    body.set("top_p", request.topP)
    body.set(dialect.seedField, request.seed)
    body.set("frequency_penalty", request.frequencyPenalty)
    body.set("presence_penalty", request.presencePenalty)
    if dialect.hasWiderSampling {
      body.set("top_k", request.topK)
      body.set("min_p", request.minP)
      body.set("repetition_penalty", request.repetitionPenalty)
    }
    body.set("n", request.choices)
    if !request.stop.isEmpty { body["stop"] = .array(request.stop.map { .string($0) }) }
    if let logprobs = request.logprobs {
      body["logprobs"] = true
      body["top_logprobs"] = .integer(logprobs)
    }
    body.set("user", request.user)
  }

  private func addReasoning(_ options: ReasoningOptions?, to body: inout JSONObject) {
    guard let options else { return }
    let isOff = options.maxTokens == 0 || options.effort == "none"
    switch dialect.reasoning {
    case .none: break
    case .effort: body.set("reasoning_effort", options.effort)
    case .object:
      var reasoning = JSONObject()
      reasoning.set("effort", options.effort)
      if options.effort == nil { reasoning.set("max_tokens", options.maxTokens) }
      if !options.isShown { reasoning["exclude"] = true }
      body["reasoning"] = .object(reasoning)
    case .thinking:
      body["thinking"] = ["type": isOff ? "disabled" : "enabled"]
      if !isOff { body.set("reasoning_effort", options.effort) }
    case .switched:
      body["enable_thinking"] = .bool(!isOff)
      if !isOff { body.set("thinking_budget", options.maxTokens) }
    }
  }

  // MARK: Messages

  private func messages(_ messages: [Message]) -> [JSONValue] {
    messages.flatMap { message -> [JSONValue] in
      switch message.role {
      case .system: [plain(message, role: dialect.systemRole)]
      case .user: [plain(message, role: "user")]
      case .assistant: [assistant(message)]
      case .tool:
        message.toolResults.map { result in
          var object: JSONObject = [
            "role": "tool", "tool_call_id": .string(result.id), "content": .string(result.content),
          ]
          if dialect.namesToolResults { object["name"] = .string(result.name) }
          return .object(object)
        }
      }
    }
  }

  private func plain(_ message: Message, role: String) -> JSONValue {
    var object: JSONObject = ["role": .string(role), "content": content(message.parts)]
    object.set("name", message.name)
    return .object(object)
  }

  /// A string when there is nothing but text: some servers know nothing else.
  private func content(_ parts: [Message.Part]) -> JSONValue {
    var isText = true
    let values = parts.compactMap { part -> JSONValue? in
      if case .text(let text) = part { return ["type": "text", "text": .string(text)] }
      isText = false
      switch part {
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
      case .text, .reasoning, .toolCall, .toolResult: return nil
      }
    }
    if isText { return .string(Message(.user, parts).text) }
    return .array(values)
  }

  private func assistant(_ message: Message) -> JSONValue {
    let text = message.text
    let calls = message.toolCalls
    var object: JSONObject = [
      "role": "assistant", "content": text.isEmpty && !calls.isEmpty ? nil : .string(text),
    ]
    object.set("name", message.name)
    if let field = dialect.reasoningField {
      let thoughts = message.parts.compactMap { part -> String? in
        if case .reasoning(let text, _) = part { text } else { nil }
      }
      if !thoughts.isEmpty { object[field] = .string(thoughts.joined()) }
    }
    if !calls.isEmpty { object["tool_calls"] = .array(calls.map(\.openAICall)) }
    return .object(object)
  }
}

extension ToolDefinition {
  var openAIFunction: JSONValue {
    var function: JSONObject = ["name": .string(name)]
    if !description.isEmpty { function["description"] = .string(description) }
    function["parameters"] = parameters
    function.set("strict", isStrict)
    return .object(function)
  }
}

extension ToolCall {
  fileprivate var openAICall: JSONValue {
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
}
