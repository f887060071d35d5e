// Which values a key may have.

/// What may stand at a key, and how it is read.
public struct ConfigurationKind: Sendable {
  /// What was found at a key.
  public enum Reading: Sendable {
    case value(ConfigurationValue)
    /// Something else than was wanted; the reason, when there is more to say.
    case wrongType(String? = nil)
    /// The right thing, and yet not allowed.
    case notAllowed(String)
    /// A secret, where only its place may stand.
    case clearText(String)
  }

  /// Whether there may be no limit at all. Then the word is `unlimited`: nothing, null and zero do not mean it.
  public enum Bound: Sendable {
    case required
    case orUnlimited
  }

  /// For people: what may stand here.
  public let allowed: String
  /// Where a short list of words is all there is: those.
  let words: [String]
  /// A text is taken as it is, also where everything is a text: in a variable.
  let isText: Bool
  /// What is found here is shown to nobody.
  let isSecret: Bool
  private let reading: @Sendable (JSONValue) -> Reading

  /// A kind of one's own.
  public init(
    _ allowed: String, words: [String] = [], isText: Bool = false, isSecret: Bool = false,
    read: @escaping @Sendable (JSONValue) -> Reading
  ) {
    self.allowed = allowed
    self.words = words
    self.isText = isText
    self.isSecret = isSecret
    reading = read
  }

  func read(_ value: JSONValue) -> Reading {
    value.isNull ? .wrongType("null is no value; to say nothing, leave the key out") : reading(value)
  }

  /// Reads what a variable holds.
  func read(variable text: String) -> Reading {
    if isText { return reading(.string(text)) }
    let value = (try? JSONValue(parsing: text)) ?? .string(text)
    return read(value)
  }
}

extension ConfigurationKind {
  public static let text = ConfigurationKind("a text", isText: true) { value in
    guard let text = value.string else { return .wrongType() }
    return text.trimmed.isEmpty ? .notAllowed("it is empty") : .value(.text(text.trimmed))
  }

  public static let flag = ConfigurationKind("true or false") { value in
    value.bool.map { .value(.flag($0)) } ?? .wrongType()
  }

  /// Any JSON, which is none of this library's business.
  public static let json = ConfigurationKind("any JSON") { .value(.json($0)) }

  public static func choice(_ words: [String]) -> ConfigurationKind {
    ConfigurationKind(words.joined(separator: ", "), words: words, isText: true) { value in
      guard let text = value.string else { return .wrongType() }
      return words.contains(text) ? .value(.text(text)) : .notAllowed("there is no such choice")
    }
  }

  public static func integer(
    in range: ClosedRange<Int>, _ bound: Bound = .required
  ) -> ConfigurationKind {
    let limits =
      range.upperBound == .max
      ? "a whole number from \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return limited(limits, bound) { value in
      guard let number = value.int else { return .wrongType() }
      if range.contains(number) { return .value(.integer(number)) }
      return .notAllowed(number == 0 ? zero(bound) : "it is out of range")
    }
  }

  public static func number(in range: ClosedRange<Double>) -> ConfigurationKind {
    ConfigurationKind("a number from \(range.lowerBound) to \(range.upperBound)") { value in
      guard let number = value.double else { return .wrongType() }
      return range.contains(number) ? .value(.number(number)) : .notAllowed("it is out of range")
    }
  }

  /// `30s`, `500ms`, `1h30m`. Zero is refused.
  public static func duration(_ bound: Bound = .required) -> ConfigurationKind {
    limited(#"a duration such as "30s" or "500ms""#, bound) { value in
      if value.double != nil { return .wrongType("a duration wants a unit") }
      guard let text = value.string, let duration = Duration(spelled: text) else { return .wrongType() }
      return duration > .zero ? .value(.duration(duration)) : .notAllowed(zero(bound))
    }
  }

  /// `64MiB`, `1.5GB`. Zero is refused.
  public static func size(_ bound: Bound = .required) -> ConfigurationKind {
    limited(#"a size such as "64MiB" or "500kB""#, bound) { value in
      if value.double != nil { return .wrongType("a size wants a unit") }
      guard let text = value.string, let bytes = ByteCount.bytes(spelled: text) else { return .wrongType() }
      return bytes > 0 ? .value(.size(bytes)) : .notAllowed(zero(bound))
    }
  }

  /// `60/min`, `10/s`. Zero is refused.
  public static func rate(_ bound: Bound = .required) -> ConfigurationKind {
    limited(#"a rate such as "60/min", by s, min, h or day"#, bound) { value in
      guard let rate = value.string.flatMap({ ConfigurationRate(spelled: $0) }) else { return .wrongType() }
      return rate.count > 0 ? .value(.rate(rate)) : .notAllowed(zero(bound))
    }
  }

  /// The address of a server. One that holds a password may stand in a variable, but in no file.
  public static let address = ConfigurationKind(
    #"an address such as "https://example.com/v1" or "localhost:8080""#, isText: true
  ) { value in
    guard let text = value.string else { return .wrongType() }
    return ProviderAddress(text).map { .value(.address($0)) } ?? .wrongType("it is no address of a server")
  }

  /// Where a key is kept.
  public static func credential(
    schemes: [String] = CredentialReference.schemes
  ) -> ConfigurationKind {
    let forms = schemes.map { $0 == "env" ? #""env:NAME""# : "\"\($0):…\"" }.joined(separator: ", ")
    return ConfigurationKind("where the key is kept: \(forms)", isText: true, isSecret: true) { value in
      guard let text = value.string else { return .wrongType() }
      if let reference = CredentialReference(text, schemes: schemes) {
        return .value(.credential(reference))
      }
      return .clearText("it says no place where a key is kept; if it is the key, anybody can read it here")
    }
  }

  /// A list; in a variable with commas between.
  public static func list(of kind: ConfigurationKind) -> ConfigurationKind {
    ConfigurationKind("a list; each: \(kind.allowed)", isSecret: kind.isSecret) { value in
      let elements =
        value.array ?? value.string?.split(separator: ",").map { .string(String($0).trimmed) }
      guard let elements else { return .wrongType() }
      var values: [ConfigurationValue] = []
      for element in elements {
        guard case .value(let value) = kind.read(element) else { return kind.read(element) }
        values.append(value)
      }
      return .value(.list(values))
    }
  }

  private static func limited(
    _ allowed: String, _ bound: Bound, _ read: @escaping @Sendable (JSONValue) -> Reading
  ) -> ConfigurationKind {
    ConfigurationKind(bound == .orUnlimited ? allowed + #", or "unlimited""# : allowed) { value in
      if bound == .orUnlimited, value == "unlimited" { return .value(.unlimited) }
      return read(value)
    }
  }

  private static func zero(_ bound: Bound) -> String {
    bound == .orUnlimited
      ? #"a limit of nothing is a mistake; for none say "unlimited""# : "nothing at all is not enough"
  }
}
