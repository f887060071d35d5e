// The shape of a JSON text: one entry per value and key, in the order of the text.

/// What stands at one place of a JSON text.
struct JSONEntry {
  enum Kind: UInt8 {
    case null, `false`, `true`, integer, decimal, string, array, object
  }

  /// Where the value begins in the text; a string's after its opening quote.
  var start: UInt32
  /// Where it ends; a string's at its closing quote.
  var end: UInt32
  /// The entry after the value and all that it holds. While a container is open: the container around it.
  var next: UInt32
  var kind: Kind
  /// The string must be unescaped.
  var isEscaped: Bool
}

/// Reads JSON texts one after another into the same memory.
///
/// Reading checks the whole text (RFC 8259: grammar, UTF-8, escapes, depth), so that what walks over it later
/// need not check anything. Strings and numbers are left where they stand in the text until somebody wants
/// them: of a chunk of 300 bytes with forty values a decoder wants two.
struct JSONTape: Sendable {
  /// Deeper than any provider's message, and shallow enough for whoever recurses over it.
  static let depthLimit = 256

  private var entries: [JSONEntry] = []

  /// Reads `text` and hands its outermost value to `body`, which must not keep it.
  mutating func read<R>(
    _ text: UnsafeRawBufferPointer, surrogates: JSONSurrogates = .paired, _ body: (JSONCursor) throws -> R
  ) throws -> R {
    guard text.count < UInt32.max else { throw JSONError(.tooLong, at: text.count) }
    guard let base = text.baseAddress else { throw JSONError(.endOfText, at: 0) }
    var scanner = JSONScanner(
      base: base.assumingMemoryBound(to: UInt8.self), count: text.count, surrogates: surrogates)
    if entries.isEmpty { grow() }
    while try !entries.withUnsafeMutableBufferPointer({ try scanner.scan(into: $0) }) { grow() }
    return try entries.withUnsafeBufferPointer { entries in
      try body(JSONCursor(text: scanner.base, entries: entries.baseAddress!, index: 0))
    }
  }

  private mutating func grow() {
    let empty = JSONEntry(start: 0, end: 0, next: 0, kind: .null, isEscaped: false)
    entries.append(contentsOf: repeatElement(empty, count: max(64, entries.count)))
  }
}

/// What to do with `\ud83d` when no `\ude00` follows.
enum JSONSurrogates: Sendable {
  /// It is an error: half a character is no text.
  case paired
  /// It becomes U+FFFD, so that one bad half does not cost a whole frame: gateways that cut UTF-16 text into
  /// pieces send such halves.
  case replaced
}

/// Why a text is not JSON, and where.
public struct JSONError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: String, Hashable, Sendable {
    /// The text ended inside a value: more of it may be on its way.
    case endOfText = "the text ends too early"
    case unexpectedByte = "unexpected byte"
    case number = "malformed number"
    case escape = "malformed escape"
    case surrogate = "half a surrogate pair"
    case controlCharacter = "a control character in a string"
    case utf8 = "malformed UTF-8"
    case tooDeep = "nested too deeply"
    case tooLong = "longer than 4 GiB"
    case trailingBytes = "bytes after the value"
  }

  public let reason: Reason
  /// The offset of the byte that was refused.
  public let offset: Int

  init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(reason.rawValue) at byte \(offset)" }
}
