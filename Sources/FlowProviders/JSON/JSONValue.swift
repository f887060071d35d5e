// JSON as a value that can be kept, compared and written.

/// A JSON value.
///
/// ```swift
/// let schema: JSONValue = ["type": "object", "properties": ["city": ["type": "string"]]]
/// ```
///
/// Objects keep the order of their members. A whole number that fits is `.integer`, every other number
/// `.number`; `1` and `1.0` are different values.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)
}

extension JSONValue {
  /// Reads a JSON text (RFC 8259). Strict: nothing before or after the value but space, no comments, no
  /// trailing commas, UTF-8 and surrogate pairs checked, at most 256 levels deep. Of several members with the
  /// same name the last one counts.
  ///
  /// - Throws: ``JSONError`` with the offset of the byte that was refused.
  public init(parsing text: String) throws {
    var text = text
    self = try text.withUTF8 { bytes in
      var tape = JSONTape()
      return try tape.read(UnsafeRawBufferPointer(bytes)) { $0.value }
    }
  }

  /// Reads a JSON text from its UTF-8 bytes, as strictly as ``init(parsing:)-(String)``.
  public init(parsing bytes: some Collection<UInt8>) throws {
    var tape = JSONTape()
    let value = try bytes.withContiguousStorageIfAvailable { bytes in
      try tape.read(UnsafeRawBufferPointer(bytes)) { $0.value }
    }
    self = try value ?? JSONValue(parsing: Array(bytes))
  }

  /// The value as JSON text on one line, without spaces.
  public var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The value as JSON text in UTF-8.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    write(to: &bytes)
    return bytes
  }

  /// Appends the value as JSON text to `bytes`.
  public func write(to bytes: inout [UInt8]) {
    switch self {
    case .null: bytes.append(contentsOf: "null".utf8)
    case .bool(let bool): bytes.append(contentsOf: (bool ? "true" : "false").utf8)
    case .integer(let integer): bytes.append(contentsOf: integer.description.utf8)
    case .number(let number): bytes.append(contentsOf: JSONNumber.text(number).utf8)
    case .string(let string): JSONText.quote(string, to: &bytes)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (index, element) in elements.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        element.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let object):
      bytes.append(UInt8(ascii: "{"))
      for (index, member) in object.enumerated() {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        JSONText.quote(member.key, to: &bytes)
        bytes.append(UInt8(ascii: ":"))
        member.value.write(to: &bytes)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }
}

extension JSONValue {
  public var isNull: Bool { self == .null }

  public var string: String? { if case .string(let string) = self { string } else { nil } }

  public var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

  /// The number, when it is whole and fits.
  public var int: Int? {
    switch self {
    case .integer(let integer): integer
    case .number(let number): Int(exactly: number)
    default: nil
    }
  }

  public var double: Double? {
    switch self {
    case .integer(let integer): Double(integer)
    case .number(let number): number
    default: nil
    }
  }

  public var array: [JSONValue]? { if case .array(let array) = self { array } else { nil } }

  public var object: JSONObject? { if case .object(let object) = self { object } else { nil } }

  /// The member of an object; `nil` when there is none, or this is no object.
  public subscript(name: String) -> JSONValue? { object?[name] }

  /// The element of an array; `nil` when there is none, or this is no array.
  public subscript(index: Int) -> JSONValue? {
    guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
    return elements[index]
  }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
  ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(nilLiteral: ()) { self = .null }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(stringLiteral value: String) { self = .string(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

  /// Of several members with the same name the last one counts.
  public init(dictionaryLiteral members: (String, JSONValue)...) { self = .object(JSONObject(members)) }
}

extension JSONValue: CustomStringConvertible {
  public var description: String { text }
}
