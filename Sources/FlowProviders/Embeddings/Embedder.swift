// Whoever turns texts into vectors.
import Flows

/// Something that turns texts into vectors, so that texts of like meaning lie near each other.
public protocol Embedder: Sendable {
  /// For people, registries and logs.
  var name: String { get }
  var model: String { get }
  /// The most texts that one request takes.
  var batchLimit: Int { get }

  /// The vectors of `texts`, one for each, in their order: one element. Nothing is sent before somebody runs the flow.
  /// Its failure is a ``ProviderError``.
  func embed(batch texts: [String]) -> Flow<EmbeddingBatch>
}

/// The vectors of some texts, in their order.
public struct EmbeddingBatch: Sendable, Hashable {
  public var vectors: [[Float]]
  public var model: String?
  public var usage: Usage?

  public init(vectors: [[Float]], model: String? = nil, usage: Usage? = nil) {
    self.vectors = vectors
    self.model = model
    self.usage = usage
  }
}

/// The vector of one text of several.
public struct Embedding: Sendable, Hashable {
  /// The place of the text, from 0.
  public let index: Int
  public let vector: [Float]

  public init(index: Int, vector: [Float]) {
    self.index = index
    self.vector = vector
  }
}

extension Embedder {
  /// The vectors of many texts, in their order, several requests at a time.
  ///
  /// ```swift
  /// for try await embedding in embedder.embed(texts, batchSize: 64, maxInFlight: 4).values {
  ///   index.add(embedding.index, embedding.vector)
  /// }
  /// ```
  ///
  /// **Demand.** While something is asked for, as many requests as may be under way are; no more than their answers wait.
  /// **Failure.** A request that fails is tried again, it alone, as `retry` has it; then the flow fails with its
  /// ``ProviderError``, after the vectors of the texts before. **Cancellation.** Ends all that are under way.
  ///
  /// - Parameters:
  ///   - texts: what is asked; the places of the vectors are theirs.
  ///   - size: the most texts of a request, at least 1; as many as a request takes when left out.
  ///   - limit: the most requests under way at a time, at least 1; anything else traps.
  ///   - retry: how often, and after which delays, a request is tried again.
  public func embed(
    _ texts: some Sequence<String>, batchSize size: Int? = nil, maxInFlight limit: Int,
    retry: RetryPolicy = .embedding
  ) -> Flow<Embedding> {
    let size = min(size ?? batchLimit, batchLimit)
    precondition(size > 0, "embed(batchSize: \(size)): a request needs at least one text")
    precondition(limit > 0, "embed(maxInFlight: \(limit)): at least one request must be let in")
    let texts = Array(texts)
    let starts = Array(stride(from: 0, to: texts.count, by: size))
    return Flow.from(starts)
      .flatMapOrdered(maxConcurrent: limit) { start in
        let part = Array(texts[start..<Swift.min(start + size, texts.count)])
        return embed(batch: part).retry(retry)
          .mapError { ($0 as? RetryExhausted)?.last ?? $0 }
          .map { batch in try batch.numbered(from: start, count: part.count) }
      }
      .concatMap { Flow.from($0) }
  }

  /// The vector of one text.
  ///
  /// - Throws: ``ProviderError``, or `CancellationError` when the task is cancelled.
  public func vector(of text: String, isolation: isolated (any Actor)? = #isolation) async throws -> [Float] {
    let batch = try await embed(batch: [text]).value
    return try batch.numbered(from: 0, count: 1)[0].vector
  }
}

extension RetryPolicy {
  /// For requests that cost little and leave nothing behind: three attempts, those that may succeed later.
  public static let embedding = RetryPolicy(
    maxAttempts: 3, backoff: .exponential(initial: .milliseconds(500), factor: 2, max: .seconds(8)),
    jitter: .equal, retryIf: { ($0 as? ProviderError)?.isRetryable ?? false },
    delayFrom: { ($0 as? ProviderError)?.retryAfter })
}

extension EmbeddingBatch {
  /// - Throws: ``ProviderError`` when there is not one vector for each text.
  func numbered(from start: Int, count: Int) throws -> [Embedding] {
    guard vectors.count == count else {
      throw ProviderError(.protocolViolation, "\(vectors.count) vectors came for \(count) texts")
    }
    return vectors.enumerated().map { Embedding(index: start + $0.offset, vector: $0.element) }
  }
}

/// How near two vectors are.
public enum Similarity {
  /// The cosine of the angle between two vectors: 1 in the same direction, 0 at right angles. 0 as well when one is of
  /// length zero, or they have not the same number of dimensions: then they say nothing of each other.
  public static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return 0 }
    var (product, lengthA, lengthB) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      product += Double(x) * Double(y)
      lengthA += Double(x) * Double(x)
      lengthB += Double(y) * Double(y)
    }
    let length = lengthA.squareRoot() * lengthB.squareRoot()
    return length > 0 && length.isFinite ? min(1, max(-1, product / length)) : 0
  }
}
