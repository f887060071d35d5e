// The next provider when one has failed.
import Flows

extension ProviderGroup {
  /// A provider that asks the first, and when that fails, the second, and so on.
  ///
  /// Only before a part of the answer was delivered: then the failure is that of the answer. A warning of the kind
  /// `fellBack` says who was asked in vain.
  ///
  /// **Failure.** Of the last that was asked, with all attempts (``ProviderError/attempts``).
  ///
  /// - Parameter isWorthIt: whether an error is a reason to ask the next. Unless stated otherwise, it is when another
  ///   provider may answer the same request: ``ProviderError/isWorthAnotherProvider``.
  public func fallback(
    when isWorthIt: @escaping @Sendable (ProviderError) -> Bool = { $0.isWorthAnotherProvider }
  ) -> any ChatProvider {
    GroupProvider(name: "fallback(\(name))", group: self) { request in
      .succession(isContinued: false) { _ in
        FallbackPlan(providers: providers, request: request, continuation: nil, isWorthIt: isWorthIt)
      }
    }
  }

  /// A provider that asks the first, and when that fails, has the next go on where it broke off.
  ///
  /// One answer, as if of one provider: one beginning and one end, its blocks numbered through, its usage added up. What
  /// the next repeats of the text is left out; between them stands a warning of the kind `seam`. Tool calls are delivered at
  /// the end of their round, so that one that was half said is said again and not twice. Thoughts are not handed on: the
  /// next thinks for itself. A refusal, and a request for several answers side by side, are not gone on with.
  ///
  /// - Parameters:
  ///   - continuation: how the next is asked for the rest.
  ///   - isWorthIt: whether an error is a reason to ask the next.
  public func failover(
    continuing continuation: AnswerContinuation = .assistantPrefix,
    when isWorthIt: @escaping @Sendable (ProviderError) -> Bool = { $0.isWorthAnotherProvider }
  ) -> any ChatProvider {
    GroupProvider(name: "failover(\(name))", group: self) { request in
      .succession(isContinued: (request.choices ?? 1) <= 1) { _ in
        FallbackPlan(
          providers: providers, request: request, continuation: continuation, isWorthIt: isWorthIt)
      }
    }
  }
}

extension ProviderError {
  /// Whether another provider may answer the same request: unless the request itself is wrong, or nobody wants the answer
  /// any more.
  public var isWorthAnotherProvider: Bool {
    switch kind {
    case .invalidRequest, .contentFiltered, .cancelled: false
    default: true
    }
  }
}

private struct FallbackPlan: SuccessionPlan {
  let providers: [any ChatProvider]
  let request: ChatRequest
  let continuation: AnswerContinuation?
  let isWorthIt: @Sendable (ProviderError) -> Bool
  private var index = 0

  init(
    providers: [any ChatProvider], request: ChatRequest, continuation: AnswerContinuation?,
    isWorthIt: @escaping @Sendable (ProviderError) -> Bool
  ) {
    self.providers = providers
    self.request = request
    self.continuation = continuation
    self.isWorthIt = isWorthIt
  }

  mutating func first() -> (flow: Flow<ChatEvent>, provider: String) {
    (providers[0].stream(request), providers[0].name)
  }

  mutating func sequel(to error: ProviderError, after progress: AnswerProgress, at now: FlowInstant) -> Sequel
  {
    guard index + 1 < providers.count, isWorthIt(error) else { return .fail(error) }
    var request = request
    let failed = providers[index].name
    index += 1
    let next = providers[index]
    var warning = Warning(.fellBack, "\(failed) failed (\(error)); \(next.name) is asked")
    switch progress {
    case .nothing: break
    case .fixed: return .fail(error)
    case .text(let text):
      guard let continuation else { return .fail(error) }
      request = continuation.request(request, text)
      warning = Warning(
        .seam, "\(failed) broke off after \(text.count) characters (\(error)); \(next.name) goes on")
    }
    return .attempt(next.stream(request), by: next.name, after: .zero, saying: warning)
  }

  func note(_ attempt: ProviderError.Attempt) {}
}
