// Cuts bytes that are JSON without a framing into values.
import FlowHTTP

/// Finds the objects in bytes that should be an event stream and are not: the JSON body of an error, a complete
/// answer that was not streamed, an array of chunks.
///
/// It looks for outermost braces; brackets and commas around them are passed over. What stands outside of
/// them is kept as text, as far as an error message needs it.
struct BareFramer: Sendable {
  private var object: [UInt8] = []
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private(set) var text: [UInt8] = []

  init() {}

  /// An object has begun and not ended.
  var isInside: Bool { depth > 0 }

  mutating func feed(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws {
    for byte in bytes {
      if depth == 0 {
        if byte == UInt8(ascii: "{") {
          depth = 1
          object = [byte]
        } else if text.count < ProviderError.snippetLimit {
          text.append(byte)
        }
        continue
      }
      if object.count >= .longestLine { throw LineTooLong(limit: .longestLine) }
      object.append(byte)
      if isInString {
        if isEscaped {
          isEscaped = false
        } else if byte == UInt8(ascii: "\\") {
          isEscaped = true
        } else if byte == UInt8(ascii: "\"") {
          isInString = false
        }
      } else {
        switch byte {
        case UInt8(ascii: "\""): isInString = true
        case UInt8(ascii: "{"): depth += 1
        case UInt8(ascii: "}"):
          depth -= 1
          if depth == 0 { object.withUnsafeBytes(body) }
        default: break
        }
      }
    }
  }

  /// The text outside of objects means something.
  var hasText: Bool {
    text.contains {
      $0 > 0x20 && $0 != UInt8(ascii: "[") && $0 != UInt8(ascii: "]") && $0 != UInt8(ascii: ",")
    }
  }
}
