// Numbers, from their digits.

enum JSONNumber {
  /// The checked integer `digits`, when it fits.
  static func integer(_ digits: UnsafeBufferPointer<UInt8>) -> Int? {
    let isNegative = digits.first == UInt8(ascii: "-")
    var value = 0
    for byte in digits[(isNegative ? 1 : 0)...] {
      let digit = Int(byte &- UInt8(ascii: "0"))
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      // Counted downwards when negative: the smallest integer has no positive twin.
      let (sum, carry) =
        isNegative
        ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
      if overflow || carry { return nil }
      value = sum
    }
    return value
  }

  /// The nearest double; infinite beyond the largest one.
  static func double(_ digits: UnsafeBufferPointer<UInt8>) -> Double? {
    if digits.count < 16, let integer = integer(whole: digits) { return Double(integer) }
    return Double(String(decoding: digits, as: UTF8.self))
  }

  private static func integer(whole digits: UnsafeBufferPointer<UInt8>) -> Int? {
    for byte in digits where byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") { return nil }
    // The integer has no negative zero.
    return digits.first == UInt8(ascii: "-") && digits.last == UInt8(ascii: "0") ? nil : integer(digits)
  }

  /// The shortest text that means `value` again; JSON has none for infinity and not-a-number.
  static func text(_ value: Double) -> String {
    value.isFinite ? value.description : "null"
  }
}
