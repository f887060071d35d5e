// Bytes into events, as an operator.
import FlowHTTP
import Flows

extension Flow where Element == Bytes {
  /// Decodes the body of one answer.
  ///
  /// The flow keeps the grammar of ``ChatEvent``. **Completion.** With the terminal `finished`; upstream is let go
  /// before. **Failure.** What the provider says went wrong is the flow's failure, a ``ProviderError``; so is
  /// an end of the bytes before the answer is complete. An upstream failure that is no `ProviderError` becomes
  /// one of the kind `transport`.
  public func decoded(
    as wire: WireProtocol, framing: WireFraming? = nil, tolerance: FrameTolerance = .lenient(upTo: 8)
  ) -> Flow<ChatEvent> {
    decoded(by: AnswerDecoder(wire, framing, tolerance))
      .prefix(while: { !$0.isTerminal }, inclusive: true)
  }
}

extension Flow where Element == ChatEvent {
  /// The flow's failure as a last event `failed`, for those who want to see every end as an event.
  ///
  /// A failure that is no ``ProviderError`` is told as one of the kind `transport`.
  public func withFailureAsEvent() -> Flow {
    `catch` { error in .just(.failed(ProviderError(wrapping: error))) }
  }
}

extension ProviderError {
  /// The error itself, or a failure of the connection with its description.
  public init(wrapping error: any Error) {
    self = error as? ProviderError ?? ProviderError(.transport, "\(error)")
  }
}
