// Where a value stands in a configuration.

/// The keys that lead to a value: `providers.openai.limits.connect`.
public struct ConfigurationPath: Sendable, Hashable {
  public let keys: [String]

  public init(_ keys: [String] = []) { self.keys = keys }

  /// A path as people write it, with dots.
  public init(_ text: String) { keys = text.split(separator: ".").map(String.init) }

  public func appending(_ key: String) -> ConfigurationPath { ConfigurationPath(keys + [key]) }

  /// The path leads to `other`, or through it.
  public func begins(with other: ConfigurationPath) -> Bool { keys.starts(with: other.keys) }

  /// What may be a key, or the name of something: letters, digits, `-` and `_`. A dot would end it, a colon is what
  /// stands between a provider and its model.
  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 64
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

extension ConfigurationPath: CustomStringConvertible, ExpressibleByStringLiteral {
  public init(stringLiteral text: String) { self.init(text) }

  /// Keys that are no names are quoted, so that nothing in them is mistaken for something else.
  public var description: String {
    keys.map { Self.isName($0) || $0 == "$schema" ? $0 : JSONValue.string(String($0.prefix(64))).text }
      .joined(separator: ".")
  }
}

extension ConfigurationPath: Comparable {
  public static func < (a: ConfigurationPath, b: ConfigurationPath) -> Bool {
    a.keys.lexicographicallyPrecedes(b.keys)
  }
}
