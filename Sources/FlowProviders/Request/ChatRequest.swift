// What is asked of a model.

/// A request to a chat model, the same for every provider.
///
/// ```swift
/// let request = ChatRequest(model: "gpt-4o", messages: [.system("Be brief."), .user("Why is the sky blue?")])
///   .with(\.temperature, 0.2)
///   .with(\.maxOutputTokens, 200)
/// ```
///
/// A value: changing a copy changes nothing else. What a provider has no word for is left out of its request;
/// what this type has no word for goes into ``extra``.
public struct ChatRequest: Sendable, Hashable {
  /// The provider's name of the model.
  public var model: String
  public var messages: [Message]

  /// What the model may call.
  public var tools: [ToolDefinition] = []
  public var toolChoice: ToolChoice = .automatic
  /// Whether several tools may be called at once; `nil` leaves it to the provider.
  public var parallelToolCalls: Bool?
  public var responseFormat: ResponseFormat = .text
  public var reasoning: ReasoningOptions?

  /// Sampling. `nil` leaves a figure to the provider.
  public var temperature: Double?
  public var topP: Double?
  public var topK: Int?
  public var minP: Double?
  public var frequencyPenalty: Double?
  public var presencePenalty: Double?
  public var repetitionPenalty: Double?
  public var seed: Int?

  /// The most tokens to generate, reasoning included where the provider counts it.
  public var maxOutputTokens: Int?
  /// Texts that end the answer.
  public var stop: [String] = []
  /// How many answers to generate side by side; events carry the number of their choice.
  public var choices: Int?
  /// How many alternatives to report per token; 0 reports the token that was taken.
  public var logprobs: Int?

  /// Your name for the person who asks, for the provider's abuse control.
  public var user: String?
  /// What a cache may do with the request. Nothing of it is sent.
  public var cacheUse: CacheUse = .standard
  /// Members that are put into the request's body as they are; they replace what would stand there.
  public var extra = JSONObject()

  public init(model: String, messages: [Message] = []) {
    self.model = model
    self.messages = messages
  }

  /// A request for an answer to one prompt.
  public init(model: String, prompt: String, system: String? = nil) {
    self.init(model: model, messages: (system.map { [.system($0)] } ?? []) + [.user(prompt)])
  }

  /// A request whose messages are written one below the other.
  public init(model: String, @MessageBuilder messages: () -> [Message]) {
    self.init(model: model, messages: messages())
  }

  /// A copy with one thing changed.
  public func with<Value>(_ property: WritableKeyPath<ChatRequest, Value>, _ value: Value) -> ChatRequest {
    var copy = self
    copy[keyPath: property] = value
    return copy
  }
}

/// Collects messages, strings (said by the user) and what conditions and loops yield.
@resultBuilder
public enum MessageBuilder {
  public static func buildExpression(_ message: Message) -> [Message] { [message] }
  public static func buildExpression(_ messages: [Message]) -> [Message] { messages }
  public static func buildExpression(_ text: String) -> [Message] { [.user(text)] }
  public static func buildBlock(_ parts: [Message]...) -> [Message] { parts.flatMap(\.self) }
  public static func buildOptional(_ part: [Message]?) -> [Message] { part ?? [] }
  public static func buildEither(first part: [Message]) -> [Message] { part }
  public static func buildEither(second part: [Message]) -> [Message] { part }
  public static func buildArray(_ parts: [[Message]]) -> [Message] { parts.flatMap(\.self) }
}

/// Which tools the model may or must call.
public enum ToolChoice: Sendable, Hashable {
  /// The model decides.
  case automatic
  /// No tool is called.
  case none
  /// At least one tool is called.
  case required
  /// The tool of this name is called.
  case tool(String)
}

/// What the answer must look like.
public enum ResponseFormat: Sendable, Hashable {
  case text
  /// Any JSON object.
  case json
  /// JSON that follows a schema.
  case schema(JSONValue, name: String = "answer")
}

/// How much a model may think before it answers, and whether it shows it.
public struct ReasoningOptions: Sendable, Hashable {
  /// A provider's step: usually `none`, `minimal`, `low`, `medium`, `high`.
  public var effort: String?
  /// The most tokens to think, where a provider counts them; 0 switches thinking off.
  public var maxTokens: Int?
  /// Whether the thoughts, or a summary of them, are to come with the answer.
  public var isShown: Bool

  public init(effort: String? = nil, maxTokens: Int? = nil, isShown: Bool = true) {
    self.effort = effort
    self.maxTokens = maxTokens
    self.isShown = isShown
  }
}
