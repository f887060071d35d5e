// Ollama: the request.

/// Ollama's own protocol.
public struct Ollama: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]
  public var endpoint: Endpoint
  /// How long the model stays loaded: `5m`, `-1` for ever, `0` not at all.
  public var keepAlive: String?
  /// Options of the model that requests have no word for: `num_ctx`, `num_gpu` ...
  public var options: JSONObject

  public enum Endpoint: Sendable, Hashable {
    case chat
    /// One prompt, without turns.
    /// - Parameter suffix: what stands behind the text that is wanted.
    case generate(suffix: String? = nil)
  }

  public init(
    base: String = "http://127.0.0.1:11434", key: Secret? = nil, headers: [WireRequest.Header] = [],
    endpoint: Endpoint = .chat, keepAlive: String? = nil, options: JSONObject = [:]
  ) {
    self.base = base
    self.key = key
    self.headers = headers
    self.endpoint = endpoint
    self.keepAlive = keepAlive
    self.options = options
  }

  public var name: String { "ollama" }
  public var wire: WireProtocol { .ollama }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["model": .string(request.model)]
    let path: String
    switch endpoint {
    case .chat:
      path = "/api/chat"
      body["messages"] = .array(request.messages.flatMap(messages))
      if !request.tools.isEmpty, request.toolChoice != .none {
        body["tools"] = .array(request.tools.map { $0.openAITool(strictness: false) })
      }
    case .generate(let suffix):
      path = "/api/generate"
      let turns = request.turns
      body["prompt"] = .string(turns.map(\.text).joined(separator: "\n"))
      body.set("suffix", suffix)
      body.set("system", request.system)
      let images = turns.flatMap { $0.parts.compactMap(\.ollamaImage) }
      if !images.isEmpty { body["images"] = .array(images) }
    }
    body["stream"] = true
    switch request.responseFormat {
    case .text: break
    case .json: body["format"] = "json"
    case .schema(let schema, _): body["format"] = schema
    }
    if let reasoning = request.reasoning {
      let effort = reasoning.effort == "minimal" ? "low" : reasoning.effort
      body["think"] = reasoning.isOff ? false : effort.map { .string($0) } ?? true
    }
    var options = self.options
    options.set("temperature", request.temperature)
    options.set("top_p", request.topP)
    options.set("top_k", request.topK)
    options.set("min_p", request.minP)
    options.set("frequency_penalty", request.frequencyPenalty)
    options.set("presence_penalty", request.presencePenalty)
    options.set("repeat_penalty", request.repetitionPenalty)
    options.set("seed", request.seed)
    options.set("num_predict", request.maxOutputTokens)
    options.set("stop", request.stop)
    if !options.isEmpty { body["options"] = .object(options) }
    // A number without a unit must be a number.
    if let keepAlive { body["keep_alive"] = Int(keepAlive).map { .integer($0) } ?? .string(keepAlive) }
    return WireRequest(
      base: base, path: path, accept: "application/x-ndjson", authorization: WireRequest.bearer(key),
      headers: headers, body: body, extra: request.extra)
  }

  private func messages(_ message: Message) -> [JSONValue] {
    if message.role == .tool {
      return message.toolResults.map {
        ["role": "tool", "content": .string($0.content), "tool_name": .string($0.name)]
      }
    }
    var object: JSONObject = ["role": .string(message.role.rawValue), "content": .string(message.text)]
    let images = message.parts.compactMap(\.ollamaImage)
    if !images.isEmpty { object["images"] = .array(images) }
    if !message.thoughts.isEmpty { object["thinking"] = .string(message.thoughts) }
    if !message.toolCalls.isEmpty {
      object["tool_calls"] = .array(
        message.toolCalls.map { ["function": ["name": .string($0.name), "arguments": $0.object]] })
    }
    return [.object(object)]
  }
}

extension Message.Part {
  /// Ollama wants the bytes; it fetches nothing.
  fileprivate var ollamaImage: JSONValue? {
    if case .image(let image) = self, let base64 = image.base64 { .string(base64) } else { nil }
  }
}
