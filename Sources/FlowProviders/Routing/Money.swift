// Amounts of money, without rounding errors that add up.

/// An amount, in billionths of a dollar. Sums do not overflow: more than nine billion dollars is as good as endless.
public struct Money: Sendable, Hashable, Comparable {
  public var nanos: Int

  public init(nanos: Int) { self.nanos = nanos }

  /// - Parameter dollars: rounded to a billionth; what is no number is nothing.
  public init(dollars: Double) {
    let nanos = (dollars * 1e9).rounded()
    self.nanos = nanos.isNaN ? 0 : nanos >= 0x1p63 ? .max : nanos <= -0x1p63 ? .min : Int(nanos)
  }

  public static let zero = Money(nanos: 0)

  public var dollars: Double { Double(nanos) / 1e9 }

  public static func < (a: Money, b: Money) -> Bool { a.nanos < b.nanos }

  public static func + (a: Money, b: Money) -> Money {
    let (sum, overflow) = a.nanos.addingReportingOverflow(b.nanos)
    return Money(nanos: overflow ? (a.nanos < 0 ? .min : .max) : sum)
  }

  public static func - (a: Money, b: Money) -> Money {
    let (difference, overflow) = a.nanos.subtractingReportingOverflow(b.nanos)
    return Money(nanos: overflow ? (a.nanos < 0 ? .min : .max) : difference)
  }

  public static func += (a: inout Money, b: Money) { a = a + b }
  public static func -= (a: inout Money, b: Money) { a = a - b }
}

extension Money: CustomStringConvertible {
  /// `$0.0015`, with as many digits as it has.
  public var description: String {
    let (whole, part) = nanos.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
    var digits = String(part)
    digits = String(repeating: "0", count: 9 - digits.count) + digits
    while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
    return "\(nanos < 0 ? "-" : "")$\(whole).\(digits)"
  }
}
