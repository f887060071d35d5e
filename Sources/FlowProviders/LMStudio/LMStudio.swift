// LM Studio: the request.

/// LM Studio's own chat endpoint, which runs tools by itself and remembers conversations.
///
/// It knows no tools of the client: for those, use ``OpenAIDialect/lmStudio(base:)``.
public struct LMStudio: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]
  /// Goes on from an answer that the server remembers: then only the messages since are sent.
  public var previousResponseID: String?
  /// Tools that the server runs: MCP servers, plugins.
  public var integrations: [JSONValue]

  public init(
    base: String = "http://127.0.0.1:1234", key: Secret? = nil, headers: [WireRequest.Header] = [],
    previousResponseID: String? = nil, integrations: [JSONValue] = []
  ) {
    self.base = base
    self.key = key
    self.headers = headers
    self.previousResponseID = previousResponseID
    self.integrations = integrations
  }

  public var name: String { "lmstudio" }
  public var wire: WireProtocol { .lmStudio }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["model": .string(request.model)]
    body["input"] = input(previousResponseID == nil ? request.turns : request.newTurns)
    body.set("system_prompt", request.system)
    body["stream"] = true
    body.set("previous_response_id", previousResponseID)
    if !integrations.isEmpty { body["integrations"] = .array(integrations) }
    body.set("temperature", request.temperature)
    body.set("top_p", request.topP)
    body.set("top_k", request.topK)
    body.set("min_p", request.minP)
    body.set("repeat_penalty", request.repetitionPenalty)
    body.set("max_output_tokens", request.maxOutputTokens)
    if let reasoning = request.reasoning {
      body["reasoning"] = .string(reasoning.isOff ? "off" : reasoning.effort ?? "on")
    }
    return WireRequest(
      base: base, path: "/api/v1/chat", authorization: WireRequest.bearer(key), headers: headers, body: body,
      extra: request.extra)
  }

  /// The endpoint knows no roles. What the server does not remember is told to it as a script.
  private func input(_ turns: [Message]) -> JSONValue {
    let text =
      turns.count == 1
      ? turns[0].text : turns.map { "\($0.role.rawValue): \($0.text)" }.joined(separator: "\n\n")
    let images = turns.flatMap { message in
      message.parts.compactMap { part -> JSONValue? in
        if case .image(let image) = part {
          ["type": "image", "data_url": .string(image.dataURL)]
        } else {
          nil
        }
      }
    }
    if images.isEmpty { return .string(text) }
    return .array([["type": "message", "content": .string(text)]] + images)
  }
}
