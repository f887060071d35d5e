// Gemini's generateContent: the request.

/// Gemini's `streamGenerateContent`.
public struct Gemini: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]
  /// Limits of the content filters, in Google's words.
  public var safetySettings: [JSONValue]

  public init(
    base: String = "https://generativelanguage.googleapis.com/v1beta", key: Secret? = nil,
    headers: [WireRequest.Header] = [], safetySettings: [JSONValue] = []
  ) {
    self.base = base
    self.key = key
    self.headers = headers
    self.safetySettings = safetySettings
  }

  public var name: String { "gemini" }
  public var wire: WireProtocol { .gemini }

  public func request(for request: ChatRequest) -> WireRequest {
    var body: JSONObject = ["contents": .array(contents(request.turns))]
    if let system = request.system { body["systemInstruction"] = ["parts": [["text": .string(system)]]] }
    addTools(request, to: &body)
    let configuration = configuration(request)
    if !configuration.isEmpty { body["generationConfig"] = .object(configuration) }
    if !safetySettings.isEmpty { body["safetySettings"] = .array(safetySettings) }
    let model = request.model.contains("/") ? request.model : "models/\(request.model)"
    return WireRequest(
      base: base, path: "/\(model):streamGenerateContent?alt=sse",
      authorization: key.map { WireRequest.Header("x-goog-api-key", $0) }, headers: headers, body: body,
      extra: request.extra)
  }

  private func addTools(_ request: ChatRequest, to body: inout JSONObject) {
    guard !request.tools.isEmpty else { return }
    let declarations = request.tools.map { JSONValue.object($0.named(parameters: "parametersJsonSchema")) }
    body["tools"] = [["functionDeclarations": .array(declarations)]]
    let calling: JSONObject
    switch request.toolChoice {
    case .automatic: return
    case .none: calling = ["mode": "NONE"]
    case .required: calling = ["mode": "ANY"]
    case .tool(let name): calling = ["mode": "ANY", "allowedFunctionNames": [.string(name)]]
    }
    body["toolConfig"] = ["functionCallingConfig": .object(calling)]
  }

  private func configuration(_ request: ChatRequest) -> JSONObject {
    var object = JSONObject()
    object.set("maxOutputTokens", request.maxOutputTokens)
    object.set("temperature", request.temperature)
    object.set("topP", request.topP)
    object.set("topK", request.topK)
    object.set("seed", request.seed)
    object.set("candidateCount", request.choices)
    object.set("presencePenalty", request.presencePenalty)
    object.set("frequencyPenalty", request.frequencyPenalty)
    object.set("stopSequences", request.stop)
    if let logprobs = request.logprobs {
      object["responseLogprobs"] = true
      object["logprobs"] = .integer(logprobs)
    }
    switch request.responseFormat {
    case .text: break
    case .json: object["responseMimeType"] = "application/json"
    case .schema(let schema, _):
      object["responseMimeType"] = "application/json"
      object["responseJsonSchema"] = schema
    }
    if let reasoning = request.reasoning {
      var thinking: JSONObject = ["includeThoughts": .bool(reasoning.isShown && !reasoning.isOff)]
      if let budget = reasoning.isOff ? 0 : reasoning.maxTokens {
        thinking["thinkingBudget"] = .integer(budget)
      } else {
        thinking.set("thinkingLevel", reasoning.effort)
      }
      object["thinkingConfig"] = .object(thinking)
    }
    return object
  }

  private func contents(_ turns: [Message]) -> [JSONValue] {
    turns.compactMap { message in
      let role: JSONValue = message.role == .assistant ? "model" : "user"
      let parts = parts(message)
      return parts.isEmpty ? nil : ["role": role, "parts": .array(parts)]
    }
  }

  /// A signature belongs to the part before it.
  private func parts(_ message: Message) -> [JSONValue] {
    var parts: [JSONObject] = []
    for part in message.parts {
      switch part {
      case .text(let text): parts.append(["text": .string(text)])
      case .image(let media), .audio(let media), .file(let media): parts.append(self.part(media))
      case .reasoning(let text, let signature):
        if text.isEmpty, let signature, !parts.isEmpty {
          parts[parts.count - 1]["thoughtSignature"] = .string(signature)
        } else {
          var thought: JSONObject = ["text": .string(text), "thought": true]
          thought.set("thoughtSignature", signature)
          parts.append(thought)
        }
      case .toolCall(let call):
        var object: JSONObject = ["functionCall": ["name": .string(call.name), "args": call.object]]
        object.set("thoughtSignature", call.signature)
        parts.append(object)
      case .toolResult(let result):
        parts.append(["functionResponse": ["name": .string(result.name), "response": result.object]])
      case .raw(let value): if case .object(let object) = value { parts.append(object) }
      }
    }
    return parts.map { .object($0) }
  }

  private func part(_ media: Media) -> JSONObject {
    let type = JSONValue.string(media.mimeType ?? "application/octet-stream")
    switch media.content {
    case .bytes(let bytes): return ["inlineData": ["mimeType": type, "data": .string(Base64.text(bytes))]]
    case .url(let url): return ["fileData": ["mimeType": type, "fileUri": .string(url)]]
    }
  }
}
