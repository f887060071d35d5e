// What is wrong with a configuration.

/// One mistake in a configuration: where it is, what was found, what may stand there.
public struct ConfigurationProblem: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// The file cannot be read, or is no JSON.
    case unreadable
    case unknownKey
    /// The same key stands twice in an object.
    case duplicate
    /// The value is of another type than is wanted.
    case wrongType
    /// The value is of the right type, and not allowed.
    case notAllowed
    /// Something must be said, and is not.
    case missing
    /// A key stands there for all to read.
    case clearText
    /// A key is not where the configuration says.
    case unresolved
  }

  public let kind: Kind
  /// Empty for the file as a whole.
  public let path: ConfigurationPath
  public let origin: ConfigurationOrigin
  /// What is wrong, in words.
  public let message: String
  /// What stands there, shortened; `nil` when it is nobody's business.
  public let found: String?
  /// What may stand there.
  public let allowed: String?
  /// What was probably meant.
  public let suggestion: String?

  public init(
    _ kind: Kind, at path: ConfigurationPath, from origin: ConfigurationOrigin, _ message: String,
    found: String? = nil, allowed: String? = nil, suggestion: String? = nil
  ) {
    self.kind = kind
    self.path = path
    self.origin = origin
    self.message = message
    self.found = found
    self.allowed = allowed
    self.suggestion = suggestion
  }

  public var json: JSONValue {
    var object: JSONObject = ["kind": .string(kind.rawValue), "path": .string("\(path)")]
    object["origin"] = .string("\(origin)")
    if case .file(let name, let line, let column, _) = origin {
      object["file"] = .string(name)
      object["line"] = .integer(line)
      object["column"] = .integer(column)
    }
    object["message"] = .string(message)
    object["found"] = found.map { .string($0) }
    object["allowed"] = allowed.map { .string($0) }
    object["suggestion"] = suggestion.map { .string($0) }
    return .object(object)
  }
}

extension ConfigurationProblem: CustomStringConvertible {
  /// `flow.json:4:18: providers.openai.limits.connect: a limit of zero is refused (found "0s"; allowed: ...)`
  public var description: String {
    var text = "\(origin): " + (path.keys.isEmpty ? "" : "\(path): ") + message
    if let suggestion { text += "; did you mean \(suggestion)?" }
    let facts = [found.map { "found \($0)" }, allowed.map { "allowed: \($0)" }].compactMap(\.self)
    if !facts.isEmpty { text += " (\(facts.joined(separator: "; ")))" }
    return text
  }
}

/// Everything that is wrong with a configuration.
public struct ConfigurationErrors: Error, Sendable, Hashable {
  public let problems: [ConfigurationProblem]

  public init(_ problems: [ConfigurationProblem]) { self.problems = problems }
}

extension ConfigurationErrors: CustomStringConvertible {
  /// A line for each.
  public var description: String { problems.map(\.description).joined(separator: "\n") }
}
