// A call that a model wants made.

/// A complete tool call. Run it only when ``problem`` is `nil`.
public struct ToolCall: Sendable, Hashable {
  /// Names the call in its result. Made up, unique within the answer, where the provider gives none.
  public var id: String
  public var name: String
  /// The arguments as the model wrote them: JSON text, unless ``form`` is `.custom`.
  public var arguments: String
  public var form: Form
  /// Why the arguments cannot be used; `nil` when they are complete and well-formed.
  public var problem: Problem?
  /// What the provider wants to see again with the call.
  public var signature: String?

  public enum Form: String, Sendable, Hashable {
    /// The arguments are JSON.
    case function
    /// The arguments are free text.
    case custom
  }

  public enum Problem: Sendable, Hashable {
    /// The arguments are not JSON.
    case malformed(JSONError)
    /// The answer ended before the call did.
    case unfinished
  }

  public init(
    id: String, name: String, arguments: String = "{}", form: Form = .function,
    problem: Problem? = nil, signature: String? = nil
  ) {
    self.id = id
    self.name = name
    self.arguments = arguments
    self.form = form
    self.problem = problem
    self.signature = signature
  }

  /// The arguments as a value; `nil` when they cannot be used or are free text.
  public var value: JSONValue? {
    problem == nil && form == .function ? try? JSONValue(parsing: arguments) : nil
  }

  /// The arguments as providers that want a JSON object want them.
  var object: JSONValue { value ?? .object(JSONObject()) }
}
