// Looks at a server from outside.
import FlowHTTP
import FlowProviders
import Flows

/// Asks a server what tells which one it is.
struct Scout: Sendable {
  /// The address without the path of a protocol.
  private let root: String
  private let shown: String
  private let key: Secret?

  init(_ address: ProviderAddress, key: Secret?) {
    func rooted(_ url: String) -> String {
      for end in ["/v1", "/v1beta", "/api"] where url.hasSuffix(end) {
        return String(url.dropLast(end.count))
      }
      return url
    }
    root = rooted(address.url)
    shown = rooted(address.shown)
    self.key = key
  }

  /// Where models are asked, in which language, and who speaks it.
  private struct Door: Sendable {
    let wire: WireProtocol
    let provider: String
    let base: String
    let path: String
  }

  private static func doors(model: String) -> [Door] {
    [
      Door(wire: .openAIChat, provider: "openai", base: "/v1", path: "/v1/chat/completions"),
      Door(wire: .openAIResponses, provider: "openai-responses", base: "/v1", path: "/v1/responses"),
      Door(wire: .anthropic, provider: "anthropic", base: "", path: "/v1/messages"),
      Door(wire: .ollama, provider: "ollama", base: "", path: "/api/chat"),
      Door(wire: .lmStudio, provider: "lmstudio", base: "", path: "/api/v1/chat"),
      Door(wire: .tgi, provider: "tgi", base: "", path: "/generate_stream"),
      Door(
        wire: .gemini, provider: "gemini", base: "/v1beta",
        path: "/v1beta/models/\(model):streamGenerateContent?alt=sse"),
      Door(wire: .cohere, provider: "cohere", base: "", path: "/v2/chat"),
    ]
  }

  /// - Throws: ``Complaint`` when there is no server.
  func look(model: String?) async throws -> ProbeReport {
    var report = ProbeReport(root: shown)
    let signs = try await Signs(asking: self)
    report.server = signs.server
    report.models = signs.models
    let doors = Scout.doors(model: model ?? report.models.first ?? "any")
    report.languages = try await withThrowingTaskGroup(of: (Int, Bool).self) { group in
      for (number, door) in doors.enumerated() {
        group.addTask { (number, try await isOpen(door)) }
      }
      let open = try await group.reduce(into: Set<Int>()) { if $1.1 { $0.insert($1.0) } }
      return doors.enumerated().filter { open.contains($0.offset) }.map { _, door in
        ProbeReport.Language(
          provider: door.provider, wire: door.wire.name, path: door.path, base: shown + door.base)
      }
    }
    return report
  }

  /// Whether somebody takes requests there. An empty one is refused, but not as a stranger would.
  private func isOpen(_ door: Door) async throws -> Bool {
    let answer: HTTPResponse
    do {
      answer = try await ask("POST", door.path)
    } catch let error as HTTPError {
      // Whoever waits, or answers with a stream, has taken the request.
      if case .timeout(.firstByte, _) = error { return true }
      return false
    }
    let body = String(answer.body.prefix(2048)).lowercased()
    // One server answers with success at every address.
    if body.contains("unexpected endpoint") { return false }
    switch answer.head.status {
    case 404: return body.contains("model") && !body.contains("<html")
    case 405, 501, 502...504: return false
    case 300..<400: return false
    default: return true
    }
  }

  fileprivate func ask(_ method: String, _ path: String) async throws -> HTTPResponse {
    var headers: HTTPHeaders = ["Accept": "application/json"]
    if let key {
      headers["Authorization"] = "Bearer \(key.revealed)"
      headers["x-api-key"] = key.revealed
      headers["x-goog-api-key"] = key.revealed
    }
    if method == "POST" { headers["Content-Type"] = "application/json" }
    let limits = HTTPLimits(
      connect: .seconds(5), firstByte: .seconds(10), betweenBytes: .seconds(5), total: .seconds(20),
      body: 16 << 20)
    let body = method == "POST" ? Bytes("{}") : Bytes()
    let request = HTTPRequest(method, root + path, headers: headers, body: body, limits: limits)
    do {
      return try await CurlTransport.shared.response(to: request)
    } catch let error as HTTPError {
      switch error {
      case .connect, .tls, .timeout(.connect, _), .invalidRequest: throw Complaint("\(shown): \(error)")
      default: throw error
      }
    }
  }

  // MARK: Trying

  /// Asks for a few tokens.
  func attempt(_ provider: String, _ model: String) async throws -> ProbeReport.Trial {
    var trial = ProbeReport.Trial()
    trial.model = model
    guard let known = KnownProvider(named: provider) else { return trial }
    var variables: [String: String] = [:]
    for name in known.addressVariables.prefix(1) { variables[name] = root + base(of: provider) }
    for name in known.keyVariables.prefix(1) { variables[name] = key?.revealed }
    let configured = ProviderEnvironment(variables).provider(named: provider)
    guard let format = configured?.format(for: model) else { return trial }
    var request = ChatRequest(model: model, prompt: "Say hello.")
    request.maxOutputTokens = 8
    let limits = ProviderLimits(connect: .seconds(5), total: .seconds(60))
    let start = ContinuousClock.now
    var watch = DeviationWatch()
    do {
      try await HTTPProvider(format, limits: limits).stream(request).forEach { event in
        if watch.note(event), trial.firstToken == nil { trial.firstToken = ContinuousClock.now - start }
      }
      trial.deviations = watch.deviations
    } catch let error as ProviderError {
      trial.failure = "\(error)".onOneLine
      trial.deviations = watch.warnings
    }
    trial.pieces = watch.pieces
    trial.text = watch.response.text
    return trial
  }

  private func base(of provider: String) -> String {
    Scout.doors(model: "any").first { $0.provider == provider }?.base ?? ""
  }
}

/// Sees in what an answer deviates from its protocol.
struct DeviationWatch {
  private(set) var response = ChatResponse()
  private(set) var pieces = 0

  /// - Returns: whether the event brings a piece of the answer.
  mutating func note(_ event: ChatEvent) -> Bool {
    response.add(event)
    switch event {
    case .textDelta, .reasoningDelta, .refusalDelta, .toolArgumentsDelta:
      pieces += 1
      return true
    default: return false
    }
  }

  var warnings: [String] { response.warnings.map { "\($0.kind.rawValue): \($0.message)" } }

  /// Of an answer that is complete.
  var deviations: [String] {
    var found = warnings
    if response.usage == nil { found.append("it does not tell what was used") }
    if response.finish?.raw == nil { found.append("it does not tell why it stopped") }
    if response.model == nil { found.append("it does not tell at the start which model answers") }
    if pieces == 0 { found.append("it said nothing") }
    if pieces == 1, response.usage?.outputTokens ?? 0 > 2 { found.append("the answer came in one piece") }
    return found
  }
}

/// What tells which server it is.
private struct Signs {
  private(set) var server: String?
  private(set) var models: [String] = []
  private var found: [String: JSONValue] = [:]

  private static let paths = [
    "/api/version", "/api/tags", "/v1/models", "/props", "/info", "/health", "/api/v1/models",
    "/api/v0/models", "/openapi.json",
  ]

  init(asking scout: Scout) async throws {
    var headers: HTTPHeaders = [:]
    try await withThrowingTaskGroup(of: (String, HTTPResponse?).self) { group in
      for path in Signs.paths {
        group.addTask {
          do {
            return (path, try await scout.ask("GET", path))
          } catch is HTTPError {
            return (path, nil)
          }
        }
      }
      for try await case (let path, let response?) in group {
        if let name = response.head.headers["Server"] { headers["Server"] = name }
        guard response.head.isSuccess else { continue }
        found[path] = try? JSONValue(parsing: response.body)
      }
    }
    server = name(headers["Server"])
    for path in ["/api/v1/models", "/api/v0/models", "/v1/models", "/api/tags", "/info"] where models.isEmpty
    {
      if let list = found[path] { models = ConfiguredProvider.modelNames(in: list) }
    }
  }

  private func name(_ header: String?) -> String? {
    let owner = found["/v1/models"]?["data"]?[0]?["owned_by"]?.string
    let title = found["/openapi.json"]?["info"]?["title"]?.string
    if let version = found["/api/version"]?["version"]?.string, found["/api/tags"]?["models"] != nil {
      return "Ollama \(version)"
    }
    if found["/props"]?["default_generation_settings"] != nil || owner == "llamacpp" {
      return "llama.cpp" + (found["/props"]?["build_info"]?.string.map { " \($0)" } ?? "")
    }
    if let info = found["/info"], info["model_id"] != nil {
      return "Text generation inference" + (info["version"]?.string.map { " \($0)" } ?? "")
    }
    for path in ["/api/v1/models", "/api/v0/models"] {
      let list = found[path]?["models"]?.array ?? found[path]?["data"]?.array ?? []
      if list.contains(where: { $0["type"]?.string == "llm" }) { return "LM Studio" }
    }
    if title?.contains("LiteLLM") == true { return "LiteLLM" }
    if owner == "vllm" { return "vLLM" }
    return title.flatMap { $0 == "FastAPI" ? nil : $0 } ?? header
  }
}
