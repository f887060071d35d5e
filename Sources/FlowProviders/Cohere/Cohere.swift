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
    addTools(request, to: &body)
    body.set("max_tokens", request.maxOutputTokens)
    body.set("temperature", request.temperature)
    body.set("p", request.topP)
    body.set("k", request.topK)
    body.set("seed", request.seed)
    body.set("frequency_penalty", request.frequencyPenalty)
    body.set("presence_penalty", request.presencePenalty)
    body.set("stop_sequences", request.stop)
    if request.logprobs != nil { body["logprobs"] = true }
    if let reasoning = request.reasoning {
      var thinking: JSONObject = ["type": reasoning.isOff ? "disabled" : "enabled"]
      if !reasoning.isOff { thinking.set("token_budget", reasoning.maxTokens) }
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

  private func addTools(_ request: ChatRequest, to body: inout JSONObject) {
    var tools = request.tools
    switch request.toolChoice {
    case .automatic: break
    case .none: body["tool_choice"] = "NONE"
    case .required: body["tool_choice"] = "REQUIRED"
    case .tool(let name):
      // No tool can be named; but it can be the only one.
      tools = tools.filter { $0.name == name }
      body["tool_choice"] = "REQUIRED"
    }
    if tools.isEmpty {
      body["tool_choice"] = nil
      return
    }
    body["tools"] = .array(tools.map { $0.openAITool(strictness: false) })
    // Strictness is one for all.
    if tools.allSatisfy({ $0.isStrict == true }) { body["strict_tools"] = true }
  }

  private func messages(_ message: Message) -> [JSONValue] {
    if message.role == .tool { return message.openAIResults.map { .object($0) } }
    var object: JSONObject = ["role": .string(message.role.rawValue)]
    if message.toolCalls.isEmpty {
      object["content"] = message.openAIContent
    } else {
      // What the model thinks and says before its calls is its plan.
      let plan = message.thoughts + message.text
      if !plan.isEmpty { object["tool_plan"] = .string(plan) }
      object["tool_calls"] = .array(message.toolCalls.map { .object($0.openAICall) })
    }
    return [.object(object)]
  }
}
