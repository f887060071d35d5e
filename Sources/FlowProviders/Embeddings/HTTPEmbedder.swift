// An embedder at the other end of a connection.
import FlowHTTP
import Flows

/// The language of an embedder: two pure functions, request out and vectors in.
public protocol EmbeddingFormat: Sendable {
  var name: String { get }
  var model: String { get }
  /// The most texts that one request takes.
  var batchLimit: Int { get }
  func request(for texts: [String]) -> WireRequest
  /// Reads an answer for `count` texts.
  ///
  /// - Throws: ``ProviderError`` when it is none.
  func vectors(in answer: JSONValue, count: Int) throws -> EmbeddingBatch
}

/// An embedder that is reached over HTTP: a format and a transport, joined.
///
/// ```swift
/// let embedder = HTTPEmbedder(OpenAIEmbeddings(model: "text-embedding-3-small", key: key))
/// let vector = try await embedder.vector(of: "Why is the sky blue?")
/// ```
public struct HTTPEmbedder: Embedder {
  public let format: any EmbeddingFormat
  public let transport: any HTTPTransport
  public var limits: ProviderLimits

  public init(
    _ format: any EmbeddingFormat, over transport: any HTTPTransport = CurlTransport.shared,
    limits: ProviderLimits = ProviderLimits(total: .seconds(120))
  ) {
    self.format = format
    self.transport = transport
    self.limits = limits
  }

  public var name: String { format.name }
  public var model: String { format.model }
  public var batchLimit: Int { format.batchLimit }

  public func embed(batch texts: [String]) -> Flow<EmbeddingBatch> {
    let attributes = GenAI.attributes(operation: GenAI.embeddings, provider: name, model: model)
    return Flow.future { [self] in try await answer(to: texts) }
      .inSpan(
        GenAI.span(operation: GenAI.embeddings, model: model), attributes: attributes, kind: .client)
  }

  private func answer(to texts: [String]) async throws -> EmbeddingBatch {
    if texts.isEmpty { return EmbeddingBatch(vectors: []) }
    if let mistake = limits.mistake { throw mistake }
    var bounds = limits.http
    bounds.total = limits.total
    bounds.body = HTTPEmbedder.longestAnswer
    let request = HTTPRequest(format.request(for: texts), limits: bounds)
    let response: HTTPResponse
    do {
      response = try await transport.response(to: request)
    } catch let error as CancellationError {
      throw error
    } catch {
      throw ProviderError(transport: error, after: nil)
    }
    let mask = SecretMask(request)
    guard response.head.isSuccess, !response.head.isPage else {
      throw ProviderError(
        status: response.head.status, headers: response.head.fields, body: mask(response.body))
    }
    guard let value = try? JSONValue(parsing: response.body) else {
      throw ProviderError(.protocolViolation, "the answer is no JSON", status: response.head.status)
    }
    if value["error"].map({ !$0.isNull }) == true {
      throw ProviderError(
        status: response.head.status, headers: response.head.fields, body: mask(response.body))
    }
    return try format.vectors(in: value, count: texts.count)
  }

  private static let longestAnswer = 256 << 20
}

extension HTTPEmbedder: CustomStringConvertible, CustomReflectable {
  public var description: String { "HTTPEmbedder(\(name), \(model))" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name, "model": model]) }
}
