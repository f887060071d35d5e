// Any bytes as one line of text.

extension Bytes {
  /// The bytes as text without line ends and control characters: what is UTF-8 stays readable, the rest becomes
  /// `\xHH`.
  var escaped: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(count + count / 8)
    var rest = makeIterator()
    var parser = Unicode.UTF8.ForwardParser()
    var place = startIndex
    while true {
      switch parser.parseScalar(from: &rest) {
      case .emptyInput: return text
      case .valid(let scalar):
        if scalar.count == 1, let escape = self[place].escape {
          text += escape
        } else {
          text += scalar
        }
        place += scalar.count
      case .error(let length):
        for byte in self[place..<place + length] { text += byte.hexadecimal }
        place += length
      }
    }
  }

  /// `nil` when `text` has an escape that makes no sense.
  init?(unescaping text: Substring) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      if byte != UInt8(ascii: "\\") {
        bytes.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
      case UInt8(ascii: "n"): bytes.append(.lineFeed)
      case UInt8(ascii: "r"): bytes.append(.carriageReturn)
      case UInt8(ascii: "t"): bytes.append(0x09)
      case UInt8(ascii: "x"):
        guard let digits = String(rest.prefix(2)), digits.utf8.count == 2, let byte = UInt8(digits, radix: 16)
        else { return nil }
        rest = rest.dropFirst(2)
        bytes.append(byte)
      default: return nil
      }
    }
    self.init(bytes)
  }
}

extension UInt8 {
  /// How a byte is written that cannot stand for itself.
  fileprivate var escape: [UInt8]? {
    switch self {
    case UInt8(ascii: "\\"): Array("\\\\".utf8)
    case .lineFeed: Array("\\n".utf8)
    case .carriageReturn: Array("\\r".utf8)
    case 0x09: Array("\\t".utf8)
    case 0..<0x20, 0x7F: hexadecimal
    default: nil
    }
  }

  fileprivate var hexadecimal: [UInt8] {
    Array("\\x".utf8) + [self >> 4, self & 15].map { $0 < 10 ? 0x30 + $0 : 0x41 + $0 - 10 }
  }
}
