// Several providers, asked together.
import Flows

/// Several providers that are asked the same.
///
/// ```swift
/// let group = ProviderGroup(openAI.answering(with: "gpt-4o"), claude.answering(with: "claude-sonnet-4-5"))
/// let first = group.race(decidedBy: .firstToken)
/// ```
///
/// What answers as one is a ``ChatProvider`` again: ``race(decidedBy:)``, ``hedged(after:max:budget:)``,
/// ``fallback(when:)``, ``failover(continuing:when:)`` and ``ensemble(_:quorum:)``.
public struct ProviderGroup: Sendable {
  public let providers: [any ChatProvider]

  /// - Parameter providers: at least one; none traps.
  public init(_ providers: [any ChatProvider]) {
    precondition(!providers.isEmpty, "ProviderGroup([]): somebody must be asked")
    self.providers = providers
  }

  public init(_ providers: any ChatProvider...) { self.init(providers) }

  /// Asks all, and delivers what each has answered as soon as it has.
  ///
  /// **Demand.** All are asked when the first answer is. **Failure.** None: a provider that fails is a failed element, and
  /// does not end the others. **Cancellation.** Ends all.
  public func all(_ request: ChatRequest) -> Flow<MemberAnswer> {
    .merge(
      providers.enumerated().map { index, provider in
        provider.stream(request).asResponse()
          .map { MemberAnswer(index: index, provider: provider.name, result: .success($0)) }
          .catch { error in
            let result = Result<ChatResponse, ProviderError>.failure(ProviderError(wrapping: error))
            return .just(MemberAnswer(index: index, provider: provider.name, result: result))
          }
      })
  }

  /// Asks all, and delivers the events of all as they come, each with whose it is. A failure is the event `failed`.
  public func events(_ request: ChatRequest) -> Flow<MemberEvent> {
    .merge(
      providers.enumerated().map { index, provider in
        provider.stream(request).withFailureAsEvent()
          .map { MemberEvent(index: index, provider: provider.name, event: $0) }
      })
  }

  var name: String { providers.map(\.name).joined(separator: ", ") }

  /// What one of them can do, as far as it is known: of a group, nobody knows who will answer.
  func capabilities(of model: String) async throws -> Capabilities {
    try await providers[0].capabilities(of: model)
  }
}

/// What became of one provider's answer.
public struct MemberAnswer: Sendable {
  /// The place of the provider in its group, from 0.
  public let index: Int
  /// The provider's name.
  public let provider: String
  public let result: Result<ChatResponse, ProviderError>

  /// The answer.
  /// - Throws: ``ProviderError``.
  public func get() throws(ProviderError) -> ChatResponse { try result.get() }
}

/// An event of one provider's answer.
public struct MemberEvent: Sendable, Hashable {
  /// The place of the provider in its group, from 0.
  public let index: Int
  /// The provider's name.
  public let provider: String
  public let event: ChatEvent
}

extension ChatProvider {
  /// This provider with a model of its own, whatever the request says: for groups, whose members have different ones.
  public func answering(with model: String) -> any ChatProvider { with(ModelChoice(model: model)) }
}

private struct ModelChoice: Middleware {
  let model: String
  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request.with(\.model, model))
  }
}

/// A group that answers as one.
struct GroupProvider: ChatProvider {
  let name: String
  let group: ProviderGroup
  let answer: @Sendable (ChatRequest) -> Flow<ChatEvent>

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> { answer(request) }

  func capabilities(of model: String) async throws -> Capabilities {
    try await group.capabilities(of: model)
  }
}
