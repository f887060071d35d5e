// The same bytes, cut in different ways.
import FlowHTTP

/// A generator that gives the same numbers every time.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64
  public init(seed: UInt64) { state = seed }
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A way to cut bytes into chunks.
public enum Cuts: Sendable, CustomStringConvertible {
  case whole
  /// Chunks of so many bytes.
  case every(Int)
  /// At so many places, chosen by the seed.
  case random(count: Int, seed: UInt64)

  /// The ways that every decoder has to stand.
  public static let all: [Cuts] = [
    .whole, .every(1), .every(2), .every(7), .random(count: 3, seed: 1), .random(count: 20, seed: 2),
    .random(count: 100, seed: 3), .random(count: 100, seed: 4),
  ]

  public func callAsFunction(_ bytes: Bytes) -> [Bytes] {
    switch self {
    case .whole: return [bytes]
    case .every(let size):
      return stride(from: bytes.startIndex, to: bytes.endIndex, by: size).map {
        bytes[$0..<Swift.min($0 + size, bytes.endIndex)]
      }
    case .random(let count, let seed):
      var generator = SeededGenerator(seed: seed)
      let places = (0..<count).map { _ in Int.random(in: bytes.startIndex...bytes.endIndex, using: &generator)
      }
      let borders = [bytes.startIndex] + places.sorted() + [bytes.endIndex]
      return zip(borders, borders.dropFirst()).map { bytes[$0..<$1] }
    }
  }

  public var description: String {
    switch self {
    case .whole: "whole"
    case .every(let size): "chunks of \(size)"
    case .random(let count, let seed): "\(count) cuts, seed \(seed)"
    }
  }
}

extension ByteDecoder {
  /// What this decoder makes of chunks, and of the end after them.
  public func outputs(of chunks: [Bytes]) throws -> [Output] {
    var decoder = self
    var outputs: [Output] = []
    for chunk in chunks {
      decoder.append(chunk)
      while let output = try decoder.next() { outputs.append(output) }
    }
    decoder.finish()
    while let output = try decoder.next() { outputs.append(output) }
    return outputs
  }
}
