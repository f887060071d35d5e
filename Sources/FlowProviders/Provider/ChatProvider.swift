// Whoever answers.
import Flows

/// Something that answers chat requests: a server behind a wire protocol, a model in this process, a router over
/// others.
///
/// A provider has one thing to offer, a cold flow of events. Every other way to call it is a consumer of that one flow, so
/// that nothing that is put around it can be skipped.
public protocol ChatProvider: Sendable {
  /// For people, registries and logs.
  var name: String { get }

  /// The answer to `request`. Nothing is sent before somebody runs the flow; each run is a request of its own.
  ///
  /// The flow keeps the grammar of ``ChatEvent``. Its failure is a ``ProviderError``; the event `failed` does not
  /// come in it.
  func stream(_ request: ChatRequest) -> Flow<ChatEvent>

  /// What the provider can do with `model`, as far as that is known.
  func capabilities(of model: String) async throws -> Capabilities
}

extension ChatProvider {
  /// Nothing is known.
  public func capabilities(of model: String) async throws -> Capabilities { Capabilities() }

  /// The whole answer to `request`.
  ///
  /// - Throws: ``ProviderError``, or `CancellationError` when the task is cancelled.
  public func complete(
    _ request: ChatRequest, isolation: isolated (any Actor)? = #isolation
  ) async throws -> ChatResponse {
    try await stream(request).response()
  }
}
