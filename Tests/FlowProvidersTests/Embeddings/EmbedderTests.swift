// Many texts, several requests at a time.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct EmbedderTests {
  let time = VirtualTime()
  let kept = Kept()

  /// Answers when a test likes: a source for each batch.
  private final class Slow: Embedder {
    let name = "slow"
    let model = "m"
    let batchLimit = 100
    let asked = Latest<[[String]]>()
    let sources = (0..<8).map { TestFlow<EmbeddingBatch>("batch \($0)") }

    init() { asked.value = [] }

    func embed(batch texts: [String]) -> Flow<EmbeddingBatch> {
      Flow.deferred { [self] in
        asked.change { $0.append(texts) }
        return sources[Int(texts[0]) ?? 0].flow
      }
    }

    func answer(_ batch: Int, _ count: Int = 2) {
      sources[batch].send(EmbeddingBatch(vectors: (0..<count).map { [Float(batch), Float($0)] }))
      sources[batch].finish()
    }
  }

  private let texts = ["0", "a", "1", "b", "2", "c", "3"]

  @Test func `vectors come in order, with so many requests under way`() throws {
    let slow = Slow()
    let seen = slow.embed(texts, batchSize: 2, maxInFlight: 2).record(in: time)
    #expect(slow.asked.value == [["0", "a"], ["1", "b"]])
    slow.answer(1)
    #expect(seen.elements.isEmpty)
    slow.answer(0)
    try seen.expect(
      Embedding(index: 0, vector: [0, 0]), Embedding(index: 1, vector: [0, 1]),
      Embedding(index: 2, vector: [1, 0]), Embedding(index: 3, vector: [1, 1]))
    #expect(slow.asked.value?.count == 4)
    #expect(slow.asked.value?.last == ["3"])
    slow.answer(2)
    slow.answer(3, 1)
    try seen.expect(
      Embedding(index: 4, vector: [2, 0]), Embedding(index: 5, vector: [2, 1]),
      Embedding(index: 6, vector: [3, 0]))
    try seen.expectFinished()
    for source in slow.sources { try source.expectReleased() }
  }

  @Test func `nothing is sent before something is asked for`() throws {
    let slow = Slow()
    let seen = slow.embed(texts, batchSize: 2, maxInFlight: 2).record(in: time, demand: 0)
    #expect(slow.asked.value == [])
    seen.request(1)
    #expect(slow.asked.value?.count == 2)
    seen.cancel()
    for source in slow.sources { try source.expectReleased() }
  }

  @Test func `only the batch that failed is asked for again, after the delay that its provider wants`() throws
  {
    let slow = Slow()
    let seen = slow.embed(texts.prefix(4), batchSize: 2, maxInFlight: 2).record(in: time)
    slow.answer(0)
    slow.sources[1].fail(
      ProviderError(.rateLimited, "later", status: 429, retryAfter: .seconds(5)))
    #expect(seen.elements.count == 2)
    time.advance(by: .milliseconds(4999))
    #expect(slow.asked.value?.count == 2)
    time.advance(by: .milliseconds(1))
    #expect(slow.asked.value == [["0", "a"], ["1", "b"], ["1", "b"]])
    slow.answer(1)
    #expect(seen.elements.map(\.index) == [0, 1, 2, 3])
  }

  @Test func `a failure that stays is the failure of the whole, after what came before`() throws {
    let slow = Slow()
    let seen = slow.embed(texts.prefix(4), batchSize: 2, maxInFlight: 2).record(in: time)
    slow.sources[1].fail(ProviderError(.authentication, "no"))
    slow.answer(0)
    #expect(seen.elements.count == 2)
    guard case .failed(let error)? = seen.end else { throw Missing("no failure") }
    #expect((error as? ProviderError)?.kind == .authentication)
    #expect(slow.asked.value?.count == 2)
  }

  @Test func `a vector too few is a failure`() throws {
    let slow = Slow()
    let seen = slow.embed(texts.prefix(2), batchSize: 2, maxInFlight: 1).record(in: time)
    slow.answer(0, 1)
    #expect(try seen.expectFailure(ProviderError.self).kind == .protocolViolation)
  }

  @Test func `no texts, no requests`() throws {
    let seen = Slow().embed([], maxInFlight: 1).record(in: time)
    try seen.expectFinished()
  }

  @Test func `hashed, texts that share words are near, and the same text is the same`() async throws {
    let hashed = HashedEmbedder()
    let cat = try await hashed.vector(of: "the cat sat on the mat")
    let cats = try await hashed.vector(of: "The cats sat on a mat!")
    let tax = try await hashed.vector(of: "quarterly revenue forecast")
    #expect(cat.count == 256)
    #expect(Similarity.cosine(cat, cats) > 0.6)
    #expect(abs(Similarity.cosine(cat, tax)) < 0.3)
    #expect(try await hashed.vector(of: "the cat sat on the mat") == cat)
    #expect(try await hashed.vector(of: " ?! ") == Array(repeating: 0, count: 256))
  }

  @Test func `nearness is bounded, whatever is compared`() {
    #expect(Similarity.cosine([1, 0], [2, 0]) == 1)
    #expect(Similarity.cosine([1, 0], [0, 1]) == 0)
    #expect(Similarity.cosine([1, 0], [-1, 0]) == -1)
    #expect(Similarity.cosine([0, 0], [1, 0]) == 0)
    #expect(Similarity.cosine([1], [1, 0]) == 0)
    #expect(Similarity.cosine([.greatestFiniteMagnitude], [.greatestFiniteMagnitude]) == 1)
    #expect(Similarity.cosine([.nan], [1]) == 0)
  }
}
