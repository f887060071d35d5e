// The characters of a JSON string: UTF-8, escapes, quotes.

enum JSONText {
  /// The four hexadecimal digits at `bytes`, or `nil`.
  static func hexadecimal(_ bytes: UnsafePointer<UInt8>) -> UInt32? {
    var unit: UInt32 = 0
    for offset in 0..<4 {
      let byte = bytes[offset]
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte &- UInt8(ascii: "A") &+ 10
      default: return nil
      }
      unit = unit << 4 | UInt32(digit)
    }
    return unit
  }

  /// The length of the scalar at `bytes`, whose first byte is not ASCII: 0 when it is malformed (RFC 3629: also
  /// overlong, a surrogate, or beyond U+10FFFF), -1 when it goes on beyond `count` bytes.
  static func scalarLength(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
    let first = bytes[0]
    let length: Int
    var lowest: UInt8 = 0x80
    var highest: UInt8 = 0xBF
    switch first {
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF:
      length = 3
      if first == 0xE0 { lowest = 0xA0 }
      if first == 0xED { highest = 0x9F }
    case 0xF0...0xF4:
      length = 4
      if first == 0xF0 { lowest = 0x90 }
      if first == 0xF4 { highest = 0x8F }
    default: return 0
    }
    for offset in 1..<length {
      guard offset < count else { return -1 }
      guard bytes[offset] >= lowest, bytes[offset] <= highest else { return 0 }
      lowest = 0x80
      highest = 0xBF
    }
    return length
  }

  /// The string whose escaped, checked form is `text`. Half a surrogate pair becomes U+FFFD.
  static func unescaped(_ text: UnsafeBufferPointer<UInt8>) -> String {
    // An escaped character is never shorter than its UTF-8; U+FFFD has 3 bytes, its escape 6.
    String(unsafeUninitializedCapacity: text.count) { target in
      var read = 0
      var written = 0
      while read < text.count {
        guard text[read] == UInt8(ascii: "\\") else {
          target[written] = text[read]
          read &+= 1
          written &+= 1
          continue
        }
        let (scalar, length) = escape(text.baseAddress! + read, text.count - read)
        read &+= length
        for byte in UTF8.encode(scalar)! {
          target[written] = byte
          written &+= 1
        }
      }
      return written
    }
  }

  /// The scalar that the checked escape at `bytes` stands for, and the escape's length.
  private static func escape(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> (Unicode.Scalar, Int) {
    switch bytes[1] {
    case UInt8(ascii: "b"): return ("\u{8}", 2)
    case UInt8(ascii: "f"): return ("\u{C}", 2)
    case UInt8(ascii: "n"): return ("\n", 2)
    case UInt8(ascii: "r"): return ("\r", 2)
    case UInt8(ascii: "t"): return ("\t", 2)
    case UInt8(ascii: "u"): break
    default: return (Unicode.Scalar(bytes[1]), 2)
    }
    guard let unit = hexadecimal(bytes + 2) else { return ("\u{FFFD}", 6) }
    if let scalar = Unicode.Scalar(unit) { return (scalar, 6) }
    guard unit < 0xDC00, count >= 12, bytes[6] == UInt8(ascii: "\\"), bytes[7] == UInt8(ascii: "u"),
      let low = hexadecimal(bytes + 8), low & 0xFC00 == 0xDC00,
      let scalar = Unicode.Scalar(0x10000 + (unit & 0x3FF) << 10 + low & 0x3FF)
    else { return ("\u{FFFD}", 6) }
    return (scalar, 12)
  }

  /// Appends `text` as a JSON string, quotes included, to `bytes`.
  static func quote(_ text: String, to bytes: inout [UInt8]) {
    var text = text
    bytes.append(UInt8(ascii: "\""))
    text.withUTF8 { characters in
      var plain = 0
      for (index, byte) in characters.enumerated() {
        guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
        bytes.append(contentsOf: characters[plain..<index])
        plain = index + 1
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: bytes.append(UInt8(ascii: "b"))
        case 0x0C: bytes.append(UInt8(ascii: "f"))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        case 0x00..<0x20:
          let digits = Array("0123456789abcdef".utf8)
          bytes.append(contentsOf: "u00".utf8)
          bytes.append(digits[Int(byte >> 4)])
          bytes.append(digits[Int(byte & 15)])
        default: bytes.append(byte)
        }
      }
      bytes.append(contentsOf: characters[plain...])
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
