// A provider at the other end of a connection.
import FlowHTTP
import Flows

/// A provider that is reached over HTTP: a wire format and a transport, joined.
///
/// ```swift
/// let openAI = HTTPProvider(OpenAIChat(key: key))
/// for try await event in openAI.stream(ChatRequest(model: "gpt-4o", prompt: "Why is the sky blue?")).values {
///   print(event.text ?? "", terminator: "")
/// }
/// ```
///
/// Nothing that it prints, and no error, holds a key.
public struct HTTPProvider: ChatProvider {
  public let format: any WireFormat
  public let transport: any HTTPTransport
  public var limits: ProviderLimits
  /// What to do with frames that are not JSON.
  public var tolerance: FrameTolerance

  public init(
    _ format: any WireFormat, over transport: any HTTPTransport = CurlTransport.shared,
    limits: ProviderLimits = ProviderLimits(), tolerance: FrameTolerance = .lenient(upTo: 8)
  ) {
    self.format = format
    self.transport = transport
    self.limits = limits
    self.tolerance = tolerance
  }

  public var name: String { format.name }

  /// The answer to `request`, as it arrives.
  ///
  /// **Demand.** Reaches the socket: the next bytes are read when all events of those before were taken, so a
  /// consumer that stops reading stops the server. **Completion.** With the event `finished`, for which the provider
  /// must have said that the answer is complete. The connection is left fit for the next request when its response
  /// ends within a moment. **Failure.** A ``ProviderError``, after the events that came before it, with the kind of
  /// failure, the provider's own words and what had been emitted. **Cancellation.** Closes the connection at once.
  /// **Time.** ``limits``.
  public func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow { [self] context in
      let answer = WireAnswer(request, from: self, in: context)
      return { room in answer.poll(&room) }
    }
  }

  public func capabilities(of model: String) async throws -> Capabilities { Capabilities([.streaming]) }
}

extension HTTPProvider: CustomStringConvertible, CustomReflectable {
  public var description: String { "HTTPProvider(\(name))" }
  public var customMirror: Mirror { Mirror(self, children: ["name": name, "limits": limits]) }
}
