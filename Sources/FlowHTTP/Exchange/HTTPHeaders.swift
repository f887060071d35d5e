// The fields of a request or a response.

/// Header fields in order. Names are compared without case, as everywhere in HTTP.
public struct HTTPHeaders: Sendable, Hashable {
  /// A name and a value, as they stand in the message.
  public struct Field: Sendable, Hashable {
    public var name: String
    public var value: String
    public init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  private var fields: [Field] = []

  public init() {}

  public init<S: Sequence>(_ fields: S) where S.Element == Field { self.fields = Array(fields) }

  /// The first value of this name. Setting it replaces all fields of the name; setting `nil` removes them.
  public subscript(name: String) -> String? {
    get { fields.first { $0.isNamed(name) }?.value }
    set {
      let place = fields.firstIndex { $0.isNamed(name) } ?? fields.endIndex
      fields.removeAll { $0.isNamed(name) }
      if let newValue { fields.insert(Field(name, newValue), at: Swift.min(place, fields.endIndex)) }
    }
  }

  /// All values of this name, in order.
  public func values(of name: String) -> [String] { fields.filter { $0.isNamed(name) }.map(\.value) }

  /// Adds a field beside those of the same name.
  public mutating func add(_ name: String, _ value: String) { fields.append(Field(name, value)) }
}

extension HTTPHeaders: RandomAccessCollection {
  public var startIndex: Int { fields.startIndex }
  public var endIndex: Int { fields.endIndex }
  public subscript(position: Int) -> Field { fields[position] }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral fields: (String, String)...) { self.init(fields.map { Field($0.0, $0.1) }) }
}

extension HTTPHeaders.Field {
  func isNamed(_ name: String) -> Bool { self.name.equalsIgnoringCase(name) }
}

extension StringProtocol {
  /// Equal but for the case of ASCII letters.
  func equalsIgnoringCase(_ other: String) -> Bool {
    utf8.count == other.utf8.count
      && zip(utf8, other.utf8).allSatisfy { $0.lowercasedASCII == $1.lowercasedASCII }
  }

  /// The text with its ASCII letters in lower case.
  var lowercasedASCII: String { String(decoding: utf8.map(\.lowercasedASCII), as: UTF8.self) }
}

extension UInt8 {
  var lowercasedASCII: UInt8 { self >= 0x41 && self <= 0x5A ? self + 0x20 : self }
}
