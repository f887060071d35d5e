// Which models a server has.
import FlowHTTP

extension ConfiguredProvider {
  /// What to ask the server for its models; `nil` when it has no list. The answer is read by ``modelNames(in:)``.
  public var modelListRequest: WireRequest? {
    guard case .path(let path) = known.language.list, let format = format(for: "") else { return nil }
    let chat = format.request(for: ChatRequest(model: "m"))
    guard let base = format.addressOfList else { return nil }
    // What the provider wants to see of its client is the same as with a chat, but for what describes the body.
    let headers = chat.headers.filter { !["content-type", "accept"].contains($0.name.lowercased()) }
    return WireRequest(
      method: "GET", url: base + path, headers: headers + [WireRequest.Header("Accept", "application/json")],
      body: .null)
  }

  /// The models that the server has, by name; none when it has no list.
  ///
  /// - Throws: `HTTPError`; ``ProviderError`` when the answer is no list.
  public func models(over transport: any HTTPTransport = CurlTransport.shared) async throws -> [String] {
    try await modelList(over: transport).map(ConfiguredProvider.modelNames) ?? []
  }

  /// The list of models, as the server has it; `nil` when it has none.
  ///
  /// - Throws: `HTTPError`; ``ProviderError`` when the answer is no list.
  func modelList(over transport: any HTTPTransport) async throws -> JSONValue? {
    guard let list = modelListRequest else { return nil }
    let headers = list.headers.map { HTTPHeaders.Field($0.name, $0.value.revealed) }
    let limits = HTTPLimits(connect: .seconds(10), firstByte: .seconds(30), betweenBytes: .seconds(30))
    let request = HTTPRequest("GET", list.url, headers: HTTPHeaders(headers), limits: limits)
    let response = try await transport.response(to: request)
    guard response.head.isSuccess, let value = try? JSONValue(parsing: response.body) else {
      let status = response.head.status
      let kind = response.head.isSuccess ? .protocolViolation : ProviderError.Kind(status: status)
      throw ProviderError(kind, "there is no list of models", status: status)
    }
    return value
  }

  /// The names in a list of models, in whatever shape. Models that are loaded come first, and those that cannot
  /// chat do not come at all, as far as the list tells.
  public static func modelNames(in list: JSONValue) -> [String] {
    if let name = list["model_id"]?.string { return [name] }
    let models = entries(of: list)
    let chatting = models.filter { model in
      switch (model["type"] ?? model["object"])?.string {
      case "embedding", "embeddings", "rerank": false
      default:
        model["supportedGenerationMethods"]?.array?.contains("generateContent") ?? true
      }
    }
    func isLoaded(_ model: JSONValue) -> Bool {
      model["loaded_instances"]?.array?.isEmpty == false || model["state"]?.string == "loaded"
    }
    let sorted = chatting.filter(isLoaded) + chatting.filter { !isLoaded($0) }
    return sorted.compactMap(name)
  }

  static func entries(of list: JSONValue) -> [JSONValue] {
    list["data"]?.array ?? list["models"]?.array ?? list.array ?? []
  }

  static func name(of model: JSONValue) -> String? {
    let name = (model["id"] ?? model["key"] ?? model["name"] ?? model["model"])?.string ?? model.string
    return name.map { $0.hasPrefix("models/") ? String($0.dropFirst("models/".count)) : $0 }
  }
}

extension WireFormat {
  /// The address before the path.
  fileprivate var addressOfList: String? {
    switch self {
    case let format as OpenAIChat: format.dialect.base
    case let format as OpenAIResponses: format.base
    case let format as Anthropic: format.base
    case let format as Gemini: format.base
    case let format as GeminiInteractions: format.base
    case let format as Ollama: format.base
    case let format as LMStudio: format.base
    case let format as TGI: format.base
    case let format as Cohere: format.base
    default: nil
    }
  }
}
