// Ollama's own language for embeddings.

/// Ollama's embeddings, at `/api/embed`.
public struct OllamaEmbeddings: EmbeddingFormat {
  /// What becomes of a text that is longer than the model can read.
  public enum LongText: Sendable, Hashable {
    case truncated
    case refused
  }

  public var base: String
  public var key: Secret?
  public var model: String
  public var longText: LongText
  public var dimensions: Int?
  /// How long the model stays loaded: `5m`, `-1`.
  public var keepAlive: String?
  public var batchLimit: Int

  public init(
    model: String, base: String = "http://127.0.0.1:11434", key: Secret? = nil,
    longText: LongText = .truncated, dimensions: Int? = nil, keepAlive: String? = nil, batchLimit: Int = 512
  ) {
    self.base = base
    self.key = key
    self.model = model
    self.longText = longText
    self.dimensions = dimensions
    self.keepAlive = keepAlive
    self.batchLimit = batchLimit
  }

  public var name: String { "ollama" }

  public func request(for texts: [String]) -> WireRequest {
    var body: JSONObject = ["model": .string(model), "input": .array(texts.map { .string($0) })]
    body["truncate"] = .bool(longText == .truncated)
    body.set("dimensions", dimensions)
    body.set("keep_alive", keepAlive)
    return WireRequest(
      base: base, path: "/api/embed", accept: "application/json", authorization: WireRequest.bearer(key),
      headers: [], body: body, extra: JSONObject())
  }

  public func vectors(in answer: JSONValue, count: Int) throws -> EmbeddingBatch {
    guard let rows = answer["embeddings"]?.array else { throw ProviderError.noVectors }
    let vectors = try rows.map { row -> [Float]? in
      guard let numbers = row.array else { throw ProviderError.noVectors }
      return try VectorReader.vector(numbers)
    }
    guard vectors.count == count else {
      throw ProviderError(.protocolViolation, "\(vectors.count) vectors came for \(count) texts")
    }
    var usage = answer["prompt_eval_count"]?.int.map { Usage(inputTokens: $0, outputTokens: 0).totalled }
    if let load = answer["load_duration"]?.int, usage != nil {
      var timing = Usage.Timing()
      timing.load = .nanoseconds(load)
      usage?.timing = timing
    }
    return EmbeddingBatch(
      vectors: try VectorReader.checked(vectors), model: answer["model"]?.string, usage: usage)
  }
}
