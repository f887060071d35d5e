// Anthropic's Messages: the request.

/// Anthropic's Messages API.
public struct Anthropic: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]
  public var version: String
  /// Features that are not for everybody yet.
  public var betas: [String]
  /// The limit that is sent when the request has none: here it is required.
  public var defaultMaxTokens: Int

  public init(
    base: String = "https://api.anthropic.com", key: Secret? = nil, headers: [WireRequest.Header] = [],
    version: String = "2023-06-01", betas: [String] = [], defaultMaxTokens: Int = 4096
  ) {
    self.base = base
    self.key = key
    self.headers = headers
    self.version = version
    self.betas = betas
    self.defaultMaxTokens = defaultMaxTokens
  }

  public var name: String { "anthropic" }
  public var wire: WireProtocol { .anthropic }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["model": .string(request.model)]
    addLimits(request, to: &body)
    body.set("system", request.system)
    body["messages"] = .array(messages(request.messages))
    body["stream"] = true
    addTools(request, to: &body)
    body.set("temperature", request.temperature)
    body.set("top_p", request.topP)
    body.set("top_k", request.topK)
    body.set("stop_sequences", request.stop)
    if let user = request.user { body["metadata"] = ["user_id": .string(user)] }
    if case .schema(let schema, _) = request.responseFormat {
      body["output_config"] = ["format": ["type": "json_schema", "schema": schema]]
    }
    var own = [WireRequest.Header("anthropic-version", version)]
    if !betas.isEmpty { own.append(WireRequest.Header("anthropic-beta", betas.joined(separator: ","))) }
    return WireRequest(
      base: base, path: "/v1/messages", authorization: key.map { WireRequest.Header("x-api-key", $0) },
      headers: own + headers, body: body, extra: request.extra)
  }

  /// The least that the model may be given to think.
  private static let leastBudget = 1024

  /// Thoughts count as output, so that the limit must leave room for the answer behind them.
  private func addLimits(_ request: ChatRequest, to body: inout JSONObject) {
    let limit = request.maxOutputTokens
    guard let reasoning = request.reasoning, !reasoning.isOff else {
      body["max_tokens"] = .integer(limit ?? defaultMaxTokens)
      if request.reasoning != nil { body["thinking"] = ["type": "disabled"] }
      return
    }
    var budget = max(reasoning.budget, Anthropic.leastBudget)
    if let limit { budget = min(budget, limit - 1) }
    body["max_tokens"] = .integer(limit ?? budget + defaultMaxTokens)
    if budget >= Anthropic.leastBudget {
      body["thinking"] = ["type": "enabled", "budget_tokens": .integer(budget)]
    }
  }

  private func addTools(_ request: ChatRequest, to body: inout JSONObject) {
    guard !request.tools.isEmpty else { return }
    body["tools"] = .array(
      request.tools.map { tool in
        var object = tool.named(parameters: "input_schema")
        object.set("strict", tool.isStrict)
        return .object(object)
      })
    var choice: JSONObject
    switch request.toolChoice {
    case .automatic: choice = ["type": "auto"]
    case .none: choice = ["type": "none"]
    case .required: choice = ["type": "any"]
    case .tool(let name): choice = ["type": "tool", "name": .string(name)]
    }
    if let parallel = request.parallelToolCalls, request.toolChoice != .none {
      choice["disable_parallel_tool_use"] = .bool(!parallel)
    }
    if request.toolChoice != .automatic || request.parallelToolCalls != nil {
      body["tool_choice"] = .object(choice)
    }
  }

  /// Turns alternate here: results of tools are the user's, and neighbours of one role become one turn.
  private func messages(_ messages: [Message]) -> [JSONValue] {
    var turns: [(role: String, blocks: [JSONValue])] = []
    for message in messages where message.role != .system {
      let role = message.role == .assistant ? "assistant" : "user"
      let blocks = message.parts.compactMap(block)
      if blocks.isEmpty { continue }
      if turns.last?.role == role {
        turns[turns.count - 1].blocks += blocks
      } else {
        turns.append((role, blocks))
      }
    }
    return turns.map { ["role": .string($0.role), "content": .array($0.blocks)] }
  }

  private func block(_ part: Message.Part) -> JSONValue? {
    switch part {
    case .text(let text): return text.isEmpty ? nil : ["type": "text", "text": .string(text)]
    case .image(let image): return ["type": "image", "source": source(image)]
    case .file(let file), .audio(let file): return ["type": "document", "source": source(file)]
    case .reasoning(let text, let signature):
      // Thoughts without their signature are refused.
      guard let signature else { return nil }
      if text.isEmpty { return ["type": "redacted_thinking", "data": .string(signature)] }
      return ["type": "thinking", "thinking": .string(text), "signature": .string(signature)]
    case .toolCall(let call):
      return ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": call.object]
    case .toolResult(let result):
      var object: JSONObject = [
        "type": "tool_result", "tool_use_id": .string(result.id), "content": .string(result.content),
      ]
      if result.outcome == .failure { object["is_error"] = true }
      return .object(object)
    case .raw(let value): return value
    }
  }

  private func source(_ media: Media) -> JSONValue {
    switch media.content {
    case .url(let url): return ["type": "url", "url": .string(url)]
    case .bytes(let bytes):
      return [
        "type": "base64", "media_type": .string(media.mimeType ?? "application/octet-stream"),
        "data": .string(Base64.text(bytes)),
      ]
    }
  }
}
