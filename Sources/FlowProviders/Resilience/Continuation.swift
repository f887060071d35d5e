// How somebody is asked to go on with an answer that broke off.

/// Makes of a request, and of the text that was answered to it so far, the request for the rest.
public struct AnswerContinuation: Sendable {
  let request: @Sendable (ChatRequest, String) -> ChatRequest

  public init(_ request: @escaping @Sendable (_ request: ChatRequest, _ text: String) -> ChatRequest) {
    self.request = request
  }

  /// The text so far stands as the beginning of the model's own turn. Most providers go on from there, some begin again:
  /// what they repeat is left out.
  public static let assistantPrefix = AnswerContinuation { request, text in
    var request = request
    if let last = request.messages.last, last.role == .assistant {
      request.messages[request.messages.count - 1].parts.append(.text(text))
    } else {
      request.messages.append(.assistant(text))
    }
    return request
  }

  /// The text so far stands as the model's turn, and the user asks for the rest: for providers that do not go on with a
  /// turn of the model.
  public static func asked(
    _ words: String = "Go on exactly where you stopped. Repeat nothing, and explain nothing."
  ) -> AnswerContinuation {
    AnswerContinuation { request, text in
      request.with(\.messages, request.messages + [.assistant(text), .user(words)])
    }
  }
}
