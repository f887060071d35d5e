// Why a model stopped.

/// Why an answer is complete.
public enum FinishReason: Sendable, Hashable {
  /// The model had said all, or met a stop text.
  case stop
  /// The limit of tokens was reached: the answer is cut off.
  case length
  /// The model waits for the results of its tool calls.
  case toolCalls
  /// A filter of the provider cut the answer off, or refused the prompt.
  case contentFilter
  /// The model declined to answer.
  case refusal
  /// The provider paused a long turn: send the answer back to go on.
  case pause
  /// The model did something that its provider cannot use, such as a malformed call.
  case error
  /// A reason that this library does not know, in the provider's words.
  case other(String)

  /// The reason's name in the JSON form: `stop`, `toolCalls`, ..., `other`.
  public var name: String {
    switch self {
    case .stop: "stop"
    case .length: "length"
    case .toolCalls: "toolCalls"
    case .contentFilter: "contentFilter"
    case .refusal: "refusal"
    case .pause: "pause"
    case .error: "error"
    case .other: "other"
    }
  }
}

/// How an answer, or a round of it, ended.
public struct Finish: Sendable, Hashable {
  public var reason: FinishReason
  /// The provider's own word.
  public var raw: String?
  /// The stop text that was met.
  public var stopSequence: String?
  /// What the provider says about it: a refusal's explanation, a filter's category.
  public var detail: String?
  /// Of several answers side by side, the others' endings, by their number.
  public var others: [Int: FinishReason] = [:]

  public init(
    _ reason: FinishReason, raw: String? = nil, stopSequence: String? = nil, detail: String? = nil
  ) {
    self.reason = reason
    self.raw = raw
    self.stopSequence = stopSequence
    self.detail = detail
  }
}
