// OpenAI's language for embeddings, which most servers speak.

/// OpenAI's embeddings, and those of everybody who speaks its language: Mistral, Ollama at `/v1`, LM Studio, llama.cpp, vLLM,
/// TEI.
public struct OpenAIEmbeddings: EmbeddingFormat {
  /// How the numbers are sent.
  public enum Encoding: String, Sendable, Hashable {
    /// As decimal numbers, which everybody understands.
    case float
    /// As the bytes of 32-bit numbers in base64: a quarter of the size. What comes as decimals all the same is read.
    case base64
  }

  public var name: String
  public var base: String
  public var key: Secret?
  public var model: String
  /// The length of the vectors, where a model can shorten them.
  public var dimensions: Int?
  public var encoding: Encoding
  public var batchLimit: Int
  /// Members that are put into the request's body as they are.
  public var extra = JSONObject()

  public init(
    model: String, key: Secret? = nil, base: String = "https://api.openai.com/v1", name: String = "openai",
    dimensions: Int? = nil, encoding: Encoding = .float, batchLimit: Int = 2048
  ) {
    self.name = name
    self.base = base
    self.key = key
    self.model = model
    self.dimensions = dimensions
    self.encoding = encoding
    self.batchLimit = batchLimit
  }

  public func request(for texts: [String]) -> WireRequest {
    var body: JSONObject = ["model": .string(model), "input": .array(texts.map { .string($0) })]
    body["encoding_format"] = .string(encoding.rawValue)
    body.set("dimensions", dimensions)
    return WireRequest(
      base: base, path: "/embeddings", accept: "application/json", authorization: WireRequest.bearer(key),
      headers: [], body: body, extra: extra)
  }

  public func vectors(in answer: JSONValue, count: Int) throws -> EmbeddingBatch {
    guard let data = answer["data"]?.array else { throw ProviderError.noVectors }
    var vectors = [[Float]?](repeating: nil, count: count)
    for (position, item) in data.enumerated() {
      let index = item["index"]?.int ?? position
      guard vectors.indices.contains(index), vectors[index] == nil else {
        throw ProviderError(.protocolViolation, "a vector for text \(index) of \(count), or two for it")
      }
      switch item["embedding"] {
      case .array(let numbers)?: vectors[index] = try VectorReader.vector(numbers)
      case .string(let text)?: vectors[index] = try VectorReader.vector(base64: text)
      default: throw ProviderError.noVectors
      }
    }
    let usage = answer["usage"]?["prompt_tokens"]?.int ?? answer["usage"]?["total_tokens"]?.int
    return EmbeddingBatch(
      vectors: try VectorReader.checked(vectors), model: answer["model"]?.string,
      usage: usage.map { Usage(inputTokens: $0, outputTokens: 0).totalled })
  }
}
