// A key that does not tell itself.

/// Something that must not be seen: a key, a token. It prints as dots, wherever it is printed.
public struct Secret: Sendable, Hashable, ExpressibleByStringLiteral {
  /// The secret itself, for the one place that needs it.
  public let revealed: String

  public init(_ text: String) { revealed = text }
  public init(stringLiteral value: String) { revealed = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "•••" }
  public var debugDescription: String { "•••" }
  public var customMirror: Mirror { Mirror(self, children: []) }
}
