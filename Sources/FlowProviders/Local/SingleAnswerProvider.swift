// A provider that does not stream.
import Flows

/// A provider made of an asynchronous function that returns a whole answer: the same events, all at the end.
///
/// ```swift
/// let provider = SingleAnswerProvider(name: "echo") { request in
///   ChatResponse(text: request.messages.last?.text ?? "")
/// }
/// ```
public struct SingleAnswerProvider: ChatProvider {
  public let name: String
  private let declared: Capabilities
  private let answer: @Sendable (ChatRequest) async throws -> ChatResponse

  /// - Parameters:
  ///   - name: for people, registries and logs.
  ///   - capabilities: what can be said of every model behind it.
  ///   - answer: called once per run, in a task that is cancelled with the run. An error that is no
  ///     ``ProviderError`` becomes one of the kind `other`.
  public init(
    name: String, capabilities: Capabilities = Capabilities(missing: [.streaming]),
    answer: @escaping @Sendable (ChatRequest) async throws -> ChatResponse
  ) {
    self.name = name
    declared = capabilities
    self.answer = answer
  }

  /// The answer to `request`, told as soon as it is whole. The function is called when the first event is asked for.
  public func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow<ChatResponse>.future { [answer] in try await answer(request) }
      .mapError { ProviderError(local: $0) }
      .asEvents()
  }

  public func capabilities(of model: String) async throws -> Capabilities { declared }
}

extension ChatResponse {
  /// A complete answer of one text.
  public init(text: String, model: String? = nil, usage: Usage? = nil, finish: Finish = Finish(.stop)) {
    self.init()
    self.model = model
    self.usage = usage
    self.finish = finish
    rounds = 1
    choices = [Choice(number: 0, blocks: [Block(number: 0, .text(text))])]
  }
}

extension ProviderError {
  /// A failure of code in this process.
  init(local error: any Error) {
    switch error {
    case let error as ProviderError: self = error
    case is CancellationError: self.init(.cancelled, "the provider was cancelled")
    default: self.init(.other, "\(error)")
    }
  }
}
