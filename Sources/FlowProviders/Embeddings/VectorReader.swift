// Vectors out of JSON.

enum VectorReader {
  static func vector(_ numbers: [JSONValue]) throws -> [Float] {
    try numbers.map { number in
      guard let value = number.double.map(Float.init), value.isFinite else {
        throw ProviderError(.protocolViolation, "a vector with something that is no number")
      }
      return value
    }
  }

  /// 32-bit numbers, the lowest byte first.
  static func vector(base64 text: String) throws -> [Float] {
    guard let bytes = Base64.bytes(text), bytes.count.isMultiple(of: 4) else {
      throw ProviderError(.protocolViolation, "a vector that is neither a list nor base64")
    }
    return try stride(from: 0, to: bytes.count, by: 4).map { start in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[start + $1]) << UInt32(8 * $1) }
      let value = Float(bitPattern: bits)
      guard value.isFinite else {
        throw ProviderError(.protocolViolation, "a vector with something that is no number")
      }
      return value
    }
  }

  /// A vector for each text, all of one length.
  static func checked(_ vectors: [[Float]?]) throws -> [[Float]] {
    let all = vectors.compactMap(\.self)
    guard all.count == vectors.count else {
      throw ProviderError(.protocolViolation, "\(all.count) vectors came for \(vectors.count) texts")
    }
    let lengths = Set(all.map(\.count))
    guard lengths.count <= 1, !lengths.contains(0) else {
      throw ProviderError(.protocolViolation, "vectors of different lengths, or of none")
    }
    return all
  }
}

extension ProviderError {
  static var noVectors: ProviderError { ProviderError(.protocolViolation, "the answer holds no vectors") }
}

extension Base64 {
  /// The bytes that a text stands for; `nil` when it is no base64.
  static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var (group, filled, padding) = (UInt32(0), 0, 0)
    for byte in text.utf8 {
      let value: UInt8
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="):
        padding += 1
        continue
      default: return nil
      }
      if padding > 0 { return nil }
      group = group << 6 | UInt32(value)
      filled += 1
      if filled == 4 {
        bytes += [UInt8(group >> 16 & 255), UInt8(group >> 8 & 255), UInt8(group & 255)]
        (group, filled) = (0, 0)
      }
    }
    // The end may be filled up, or not.
    switch (filled, padding) {
    case (0, 0): break
    case (2, 0), (2, 2): bytes.append(UInt8(group >> 4 & 255))
    case (3, 0), (3, 1): bytes += [UInt8(group >> 10 & 255), UInt8(group >> 2 & 255)]
    default: return nil
    }
    return bytes
  }
}
