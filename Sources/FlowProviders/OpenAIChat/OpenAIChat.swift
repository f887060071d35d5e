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
    body["tools"] = .array(request.tools.map { $0.openAITool() })
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
    body.set("stop", request.stop)
    if let logprobs = request.logprobs {
      body["logprobs"] = true
      body["top_logprobs"] = .integer(logprobs)
    }
    body.set("user", request.user)
  }

  private func addReasoning(_ options: ReasoningOptions?, to body: inout JSONObject) {
    guard let options else { return }
    let isOff = options.isOff
    switch dialect.reasoning {
    case .none: break
    case .effort: body.set("reasoning_effort", isOff ? "none" : options.effort)
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
      case .tool: results(message)
      }
    }
  }

  private func results(_ message: Message) -> [JSONValue] {
    zip(message.openAIResults, message.toolResults).map { object, result in
      var object = object
      if dialect.namesToolResults { object["name"] = .string(result.name) }
      return .object(object)
    }
  }

  private func plain(_ message: Message, role: String) -> JSONValue {
    var object: JSONObject = ["role": .string(role), "content": message.openAIContent]
    object.set("name", message.name)
    return .object(object)
  }

  private func assistant(_ message: Message) -> JSONValue {
    let calls = message.toolCalls
    let content = message.openAIContent
    var object: JSONObject = [
      "role": "assistant", "content": content == "" && !calls.isEmpty ? nil : content,
    ]
    object.set("name", message.name)
    if let field = dialect.reasoningField, !message.thoughts.isEmpty {
      object[field] = .string(message.thoughts)
    }
    if !calls.isEmpty {
      let isSigned = dialect.returnsSignatures
      object["tool_calls"] = .array(calls.map { .object(isSigned ? $0.signedCall : $0.openAICall) })
    }
    return .object(object)
  }
}
