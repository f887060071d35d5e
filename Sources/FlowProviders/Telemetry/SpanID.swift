// The name of a piece of work, and of the whole that it is a part of.

/// A span's number within its trace, as W3C's Trace Context and OpenTelemetry have it.
public struct SpanID: Sendable, Hashable {
  /// The whole: 128 bits, high and low.
  public let traceHigh: UInt64
  public let traceLow: UInt64
  /// This part of it.
  public let span: UInt64

  /// A span is not zero; zero becomes one.
  public init(traceHigh: UInt64, traceLow: UInt64, span: UInt64) {
    self.traceHigh = traceHigh
    self.traceLow = traceLow
    self.span = max(1, span)
  }

  /// The first part of a new whole.
  public init() {
    self.init(
      traceHigh: .random(in: 0 ... .max), traceLow: .random(in: 1 ... .max), span: .random(in: 1 ... .max))
  }

  /// Another part of the same whole.
  public func sibling() -> SpanID {
    SpanID(traceHigh: traceHigh, traceLow: traceLow, span: .random(in: 1 ... .max))
  }

  /// The header `traceparent` of a request that came in: whoever asked is then told of as the parent. `nil` when the text
  /// is none.
  public init?(traceparent text: String) {
    let fields = text.split(separator: "-", omittingEmptySubsequences: false)
    guard fields.count >= 4, fields[0].utf8.count == 2, fields[0].lowercased() != "ff",
      SpanID.isHex(fields[0]),
      fields[0] != "00" || fields.count == 4, fields[1].utf8.count == 32, fields[2].utf8.count == 16,
      SpanID.isHex(fields[1]), SpanID.isHex(fields[2]),
      let high = UInt64(fields[1].prefix(16), radix: 16), let low = UInt64(fields[1].suffix(16), radix: 16),
      let span = UInt64(fields[2], radix: 16), high != 0 || low != 0, span != 0
    else { return nil }
    self.init(traceHigh: high, traceLow: low, span: span)
  }

  /// The header `traceparent`.
  public var traceparent: String { "00-\(traceID)-\(spanID)-01" }

  /// The whole, in 32 hexadecimal digits.
  public var traceID: String { SpanID.hex(traceHigh) + SpanID.hex(traceLow) }

  /// This part, in 16 hexadecimal digits.
  public var spanID: String { SpanID.hex(span) }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  private static func isHex(_ text: Substring) -> Bool {
    text.utf8.allSatisfy { 0x30...0x39 ~= $0 || 0x61...0x66 ~= $0 }
  }
}

extension SpanID: CustomStringConvertible {
  public var description: String { traceparent }
}
