// JSON texts in and out.
import Foundation
import Testing

@testable import FlowProviders

@Suite struct JSONValueTests {
  @Test func `reads every kind of value`() throws {
    let text = #" {"a": [1, -0.5, 2e3, true, false, null], "b": {"c": "d"}, "e": [], "f": {}} "#
    #expect(
      try JSONValue(parsing: text) == [
        "a": [1, -0.5, 2000.0, true, false, nil], "b": ["c": "d"], "e": [], "f": .object(JSONObject()),
      ])
  }

  @Test(arguments: [
    "", " ", "{", "[", "[1", "[1,", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,", "\"", "\"a", "\"\\",
    "\"\\u12",
    "tru", "nul", "-", "1.", "1e", "1e+", "[\"\u{e9}",
  ])
  func `says of a text that ends too early that it ends too early`(text: String) {
    #expect(reason(text) == .endOfText)
  }

  @Test(arguments: [
    "[1,]", "{,}", "{\"a\":1,}", "[1 2]", "{1:2}", "{\"a\" 1}", "]", "}", "[}", "{]", "'a'", "nulL", "truE",
    "+1",
    ".5", "NaN", "Infinity", "// c\n1", "\u{FEFF}1", "\u{A0}1", "[1]]", "1 2", "{\"a\":1}x", "[\u{0}]",
  ])
  func `refuses what is not JSON`(text: String) {
    #expect(reason(text) == .unexpectedByte || reason(text) == .trailingBytes)
  }

  @Test(arguments: ["01", "-01", "1.e1", "1.x", "1ex", "-x", "0123"])
  func `refuses malformed numbers`(text: String) { #expect(reason(text) == .number) }

  @Test(arguments: [#""\x""#, #""\u12G4""#, #""\U0041""#, "\"\\\n\""])
  func `refuses malformed escapes`(text: String) { #expect(reason(text) == .escape) }

  @Test func `refuses control characters in strings, but not delete`() throws {
    #expect(reason("\"\u{1}\"") == .controlCharacter)
    #expect(reason("\"a\nb\"") == .controlCharacter)
    #expect(reason("\"aaaaaaaaaaaaaaaa\u{1F}\"") == .controlCharacter)
    #expect(try JSONValue(parsing: "\"\u{7F}\"") == "\u{7F}")
  }

  @Test(arguments: [#""\ud83d""#, #""\ude00""#, #""\ud83d\ud83d""#, #""\ud83dx""#, #""\ud83d\n""#])
  func `refuses half a surrogate pair, unless it is asked to replace it`(text: String) throws {
    #expect(reason(text) == .surrogate)
    var tape = JSONTape()
    let read = try Array(text.utf8).withUnsafeBytes { bytes in
      try tape.read(bytes, surrogates: .replaced) { $0.string }
    }
    #expect(read?.contains("\u{FFFD}") == true)
  }

  @Test func `joins surrogate pairs and reads every escape`() throws {
    #expect(
      try JSONValue(parsing: #""\ud83d\ude00 \" \\ \/ \b \f \n \r \t \u0000 \u00e9 \u20AC""#)
        == "😀 \" \\ / \u{8} \u{C} \n \r \t \u{0} é €")
  }

  @Test(
    arguments: [
      [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFF], [0xE2, 0x28, 0xA1], [0xC3, 0x28],
    ] as [[UInt8]])
  func `refuses malformed UTF-8`(bytes: [UInt8]) {
    #expect(reason(bytes: [0x22] + bytes + [0x22]) == .utf8)
    #expect(reason(bytes: Array("\"aaaaaaaaaaa".utf8) + bytes + [0x22]) == .utf8)
  }

  @Test func `reads 256 levels and refuses 257`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try JSONValue(parsing: nested(256))
    #expect(reason(nested(257)) == .tooDeep)
    #expect(reason(String(repeating: "[", count: 1_000_000)) == .tooDeep)
    #expect(reason(String(repeating: "{\"a\":", count: 1_000_000)) == .tooDeep)
  }

  @Test func `keeps whole numbers whole, to the last that fits`() throws {
    #expect(try JSONValue(parsing: "9223372036854775807") == .integer(.max))
    #expect(try JSONValue(parsing: "-9223372036854775808") == .integer(.min))
    #expect(try JSONValue(parsing: "9223372036854775808") == .number(9223372036854775808))
    #expect(try JSONValue(parsing: "123456789012345678901234567890") == .number(1.2345678901234568e29))
    #expect(try JSONValue(parsing: "1e400") == .number(.infinity))
    #expect(try JSONValue(parsing: "1e-400") == .number(0))
    #expect(try JSONValue(parsing: "-0").double?.sign == .plus)
    #expect(try JSONValue(parsing: "-0.0").double?.sign == .minus)
    #expect(try JSONValue(parsing: "1.0").int == 1)
    #expect(try JSONValue(parsing: "1.5").int == nil)
    #expect(try JSONValue(parsing: "0.1").double == 0.1)
    #expect(try JSONValue(parsing: "5e-324").double == .leastNonzeroMagnitude)
  }

  @Test func `of several members with one name the last counts, in the place of the first`() throws {
    let value = try JSONValue(parsing: #"{"a":1,"b":2,"a":3,"\u0061":4}"#)
    #expect(value.text == #"{"a":4,"b":2}"#)
  }

  @Test func `keeps the order of members, and does not compare it`() throws {
    let text = #"{"z":1,"a":{"y":2,"b":3},"m":4}"#
    #expect(try JSONValue(parsing: text).text == text)
    #expect(try JSONValue(parsing: text) == JSONValue(parsing: #"{"m":4,"a":{"b":3,"y":2},"z":1}"#))
  }

  @Test func `finds members also in large objects, and after taking some out`() throws {
    var object = JSONObject((0..<100).map { ("key \($0)", .integer($0)) })
    #expect(object["key 99"] == 99)
    object["key 5"] = nil
    object["key 99"] = "changed"
    object["new"] = true
    #expect(object.count == 100)
    #expect(object["key 5"] == nil)
    #expect(object["key 99"] == "changed")
    #expect(object["new"] == true)
    #expect(object.members.last?.key == "new")
  }

  @Test func `writes what it can read again`() throws {
    let value: JSONValue = [
      "quote \" backslash \\ \n \u{1} \u{1F} €": ["😀\u{FFFD}\u{2028}", -1, 0.1, 1e300, 1e-300, 12345678.0],
      "empty": ["", [], .object(JSONObject())], "flags": [true, false, nil],
    ]
    #expect(try JSONValue(parsing: value.text) == value)
    #expect(try JSONValue(parsing: value.bytes) == value)
    #expect(JSONValue.number(.nan).text == "null")
  }

  @Test func `agrees with an independent reader on random values`() throws {
    var random = SeededRandom(7)
    for _ in 0..<500 {
      let value = JSONValue.random(depth: 4, &random)
      let text = value.text
      #expect(try JSONValue(parsing: text) == value)
      let theirs = try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed)
      #expect(value.equals(theirs), "\(text)")
    }
  }

  @Test func `agrees with an independent reader on which damaged texts are JSON`() throws {
    var random = SeededRandom(8)
    for _ in 0..<3000 {
      var bytes = JSONValue.random(depth: 3, &random).bytes
      let position = Int.random(in: 0..<bytes.count, using: &random)
      let byte = UInt8.random(in: 0x20..<0x7F, using: &random)
      // The other reader refuses numbers beyond the largest double, which are JSON.
      if byte | 0x20 == UInt8(ascii: "e") { continue }
      switch Int.random(in: 0..<3, using: &random) {
      case 0: bytes[position] = byte
      case 1: bytes.remove(at: position)
      default: bytes.insert(byte, at: position)
      }
      let theirs = try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      let mine = try? JSONValue(parsing: bytes)
      #expect((mine == nil) == (theirs == nil), "\(String(decoding: bytes, as: UTF8.self))")
    }
  }

  @Test func `reads the same wherever a string stands in memory`() throws {
    for padding in 0..<24 {
      for special in ["\"", "\\", "\n", "é", "😀"] {
        let value = JSONValue.string(String(repeating: "a", count: padding) + special + "bcd")
        let text = String(repeating: " ", count: padding % 8) + value.text
        #expect(try JSONValue(parsing: text) == value)
      }
    }
  }

  private func reason(_ text: String) -> JSONError.Reason? { reason(bytes: Array(text.utf8)) }

  private func reason(bytes: [UInt8]) -> JSONError.Reason? {
    do {
      _ = try JSONValue(parsing: bytes)
      return nil
    } catch { return (error as? JSONError)?.reason }
  }
}

extension JSONValue {
  static func random(depth: Int, _ random: inout SeededRandom) -> JSONValue {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: .null
    case 1: .bool(.random(using: &random))
    case 2: .integer(.random(in: -1_000_000...1_000_000, using: &random))
    case 3: .number((Double.random(in: -1...1, using: &random) * 1e6).rounded() / 1024 + 0.0001)
    case 4, 5:
      .string(
        String(
          String.UnicodeScalarView(
            (0..<Int.random(in: 0..<20, using: &random)).map { _ in
              ["a", "\"", "\\", "\n", "é", "€", "😀", "\u{1}", "/", "z"].randomElement(using: &random)!
            })))
    case 6:
      .array((0..<Int.random(in: 0..<5, using: &random)).map { _ in .random(depth: depth - 1, &random) })
    default:
      .object(
        JSONObject(
          (0..<Int.random(in: 0..<25, using: &random)).map { ("k\($0)", .random(depth: depth - 1, &random)) })
      )
    }
  }

  /// What Foundation read is the same value.
  func equals(_ other: Any) -> Bool {
    switch self {
    case .null: other is NSNull
    case .bool(let bool): (other as? Bool) == bool
    case .integer(let integer): (other as? NSNumber)?.intValue == integer
    case .number(let number): (other as? NSNumber)?.doubleValue == number
    case .string(let string): (other as? String).map { Array($0.utf8) == Array(string.utf8) } ?? false
    case .array(let elements):
      (other as? [Any]).map { $0.count == elements.count && zip(elements, $0).allSatisfy { $0.equals($1) } }
        ?? false
    case .object(let object):
      (other as? [String: Any]).map { others in
        others.count == object.count && object.allSatisfy { $0.value.equals(others[$0.key] as Any) }
      } ?? false
    }
  }
}
