// Every way to call a provider is a consumer of its one flow.
import Flows

extension ChatProvider {
  /// The whole answer to `request`, waited for on the calling thread, which is parked. For code that cannot await.
  ///
  /// - Parameters:
  ///   - request: what is asked.
  ///   - timeout: real time, for the whole answer, which is cancelled then.
  /// - Throws: ``ProviderError``; `FlowBlockingError` when the calling thread must not be blocked, or the time is up.
  @available(*, noasync, message: "await it")
  public func complete(_ request: ChatRequest, timeout: Duration? = nil) throws -> ChatResponse {
    try stream(request).asResponse().blockingValue(timeout: timeout)
  }

  /// Asks at once, and promises the whole answer. Let go or cancelled, the promise cancels the request.
  ///
  /// ```swift
  /// let answer = provider.promise(request)
  /// let text = try await answer.map(\.text).value
  /// ```
  public func promise(_ request: ChatRequest) -> Promise<ChatResponse> {
    stream(request).asResponse().promise()
  }

  /// Asks at once, and calls back: for each event as it comes, and once at the end.
  ///
  /// ```swift
  /// let subscription = provider.complete(request) { event in
  ///   print(event.text ?? "", terminator: "")
  /// } onEnd: { result in
  ///   print(result)
  /// }
  /// ```
  ///
  /// Callbacks come one at a time, from whoever moves the answer on. After a failure the events that came before it
  /// have been told; what they come to can be had from them (``ChatResponse``).
  ///
  /// - Parameters:
  ///   - request: what is asked.
  ///   - onEvent: called for each event.
  ///   - onEnd: called once with the whole answer or a ``ProviderError``, unless the subscription is cancelled.
  /// - Returns: the handle. Let go, it cancels.
  public func complete(
    _ request: ChatRequest, onEvent: @escaping @Sendable (ChatEvent) -> Void = { _ in },
    onEnd: @escaping @Sendable (Result<ChatResponse, ProviderError>) -> Void
  ) -> FlowSubscription {
    let whole = stream(request).onValue(onEvent).asResponse()
    // Of one answer the end says nothing that the answer does not.
    return whole.subscribe(demand: 1) { response in
      onEnd(.success(response))
    } onEnd: { end in
      if case .failed(let error) = end { onEnd(.failure(ProviderError(wrapping: error))) }
    }
  }
}
