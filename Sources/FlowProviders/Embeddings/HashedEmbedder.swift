// An embedder without a model.
import Flows

/// Vectors without a model, a key or a network: words and the three-letter pieces of words, counted under their hashes.
///
/// Texts that share words, or parts of words, lie near each other. It knows nothing of meaning: `car` and `automobile` have
/// nothing in common. Good for tests, for work offline, and where the same words are the same thing. The same text has the
/// same vector on every machine.
public struct HashedEmbedder: Embedder {
  public let name = "hashed"
  public let model = "hashed-ngrams-1"
  public let batchLimit = 4096
  private let dimensions: Int

  /// - Parameter dimensions: the length of the vectors, at least 8; anything else traps.
  public init(dimensions: Int = 256) {
    precondition(dimensions >= 8, "hashed(dimensions: \(dimensions)): that is too few to tell texts apart")
    self.dimensions = dimensions
  }

  public func embed(batch texts: [String]) -> Flow<EmbeddingBatch> {
    Flow.deferred { [self] in .just(EmbeddingBatch(vectors: texts.map(vector), model: model)) }
  }

  private func vector(_ text: String) -> [Float] {
    var vector = [Float](repeating: 0, count: dimensions)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
      add(word.utf8, 1, to: &vector)
      let padded = Array("<\(word)>".unicodeScalars)
      for start in padded.indices.dropLast(2) {
        var piece = String.UnicodeScalarView()
        piece.append(contentsOf: padded[start..<start + 3])
        add(String(piece).utf8, 0.5, to: &vector)
      }
    }
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  /// Half of the pieces count downwards, so that those which fall together by chance cancel out.
  private func add(_ piece: some Sequence<UInt8>, _ weight: Float, to vector: inout [Float]) {
    // FNV-1a, with its bits mixed once more: the places are the low ones.
    var hash = piece.reduce(UInt64(0xCBF2_9CE4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    hash ^= hash >> 32
    vector[Int(hash % UInt64(dimensions))] += hash >> 63 == 0 ? weight : -weight
  }
}
