// Where a key is kept.

/// Names the place where a key is kept, so that a configuration need not hold it: `env:OPENAI_API_KEY`.
///
/// Before the colon stands who keeps it, behind it the name that it has there. It prints as that; of a command only the
/// program, because its arguments may be nobody's business.
public struct CredentialReference: Sendable, Hashable {
  public let scheme: String
  public let name: String

  public init(scheme: String, name: String) {
    self.scheme = scheme
    self.name = name
  }

  /// Who keeps keys as a rule.
  public static let schemes = ["env", "file", "command", "keychain"]

  /// - Parameters:
  ///   - text: a scheme, a colon, and what that scheme knows it by.
  ///   - schemes: those that are known. What begins in another way is no reference, but perhaps a key.
  /// - Returns: `nil` when the text is no reference.
  public init?(_ text: String, schemes: [String] = CredentialReference.schemes) {
    guard let colon = text.firstIndex(of: ":") else { return nil }
    scheme = String(text[..<colon])
    name = String(text[text.index(after: colon)...]).trimmed
    guard schemes.contains(scheme), !name.isEmpty, !name.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F })
    else { return nil }
    // A key that somebody put behind `env:` is no name of a variable.
    if scheme == "env", !Self.isVariable(name) { return nil }
  }

  private static func isVariable(_ name: String) -> Bool {
    let isWord = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    return isWord && name.first?.isNumber == false
  }
}

extension CredentialReference: CustomStringConvertible, CustomReflectable {
  public var description: String {
    scheme == "command" ? "command:\(name.prefix { $0 != " " })" : "\(scheme):\(name)"
  }
  public var customMirror: Mirror { Mirror(self, children: ["reference": description]) }
}
