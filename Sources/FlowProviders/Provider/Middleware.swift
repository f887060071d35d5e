// What stands around a provider.
import Flows

/// Something that stands between whoever asks and a provider: it may change the request, the answer, both, or answer by
/// itself. Limits, retries, caches and telemetry are such things.
///
/// ```swift
/// struct Polite: Middleware {
///   func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
///     var request = request
///     request.messages.insert(.system("Be polite."), at: 0)
///     return next(request)
///   }
/// }
///
/// let provider = openAI.with(Polite())
/// ```
///
/// What it returns is a recipe, as every flow is: work belongs into the run (`Flow.deferred`), not into this call. The
/// grammar of ``ChatEvent`` holds on both sides, and a failure is a ``ProviderError``.
public protocol Middleware: Sendable {
  /// The answer of whoever stands behind.
  typealias Next = @Sendable (ChatRequest) -> Flow<ChatEvent>

  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent>
}

extension ChatProvider {
  /// This provider with something around it: the first stands outermost, and sees a request first and an event last.
  public func with(_ middleware: any Middleware...) -> any ChatProvider { with(middleware) }

  /// This provider with something around it: the first stands outermost.
  public func with(_ middleware: [any Middleware]) -> any ChatProvider {
    middleware.reversed().reduce(self as any ChatProvider) { Surrounded(provider: $0, middleware: $1) }
  }
}

/// A provider with something around it. It keeps its name.
private struct Surrounded: ChatProvider {
  let provider: any ChatProvider
  let middleware: any Middleware

  var name: String { provider.name }

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    middleware.intercept(request) { provider.stream($0) }
  }

  func capabilities(of model: String) async throws -> Capabilities {
    try await provider.capabilities(of: model)
  }
}
