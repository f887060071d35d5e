// Bytes into events, as an operator.
import Flows

extension Flow where Element == [UInt8] {
  /// Decodes the body of one answer.
  ///
  /// The flow keeps the grammar of ``ChatEvent``. **Completion.** With the terminal `finished`; upstream is let go
  /// before. **Failure.** What the provider says went wrong is the flow's failure, a ``ProviderError``; so is
  /// an end of the bytes before the answer is complete. An upstream failure that is no `ProviderError` becomes
  /// one of the kind `transport`.
  public func decoded(
    as wire: WireProtocol, framing: WireFraming? = nil, tolerance: FrameTolerance = .lenient(upTo: 8)
  ) -> Flow<ChatEvent> {
    expanded { Decoding(decoder: ChatDecoder(wire, framing: framing, tolerance: tolerance)) }
      .prefix(while: { !$0.isTerminal }, inclusive: true)
      .failingWithItsError()
  }
}

extension Flow where Element == ChatEvent {
  /// The event `failed` as the flow's failure.
  func failingWithItsError() -> Flow {
    map { event in
      if case .failed(let error) = event { throw error }
      return event
    }
  }

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

private struct Decoding: Expander {
  var decoder: ChatDecoder

  mutating func expand(_ bytes: [UInt8], into events: inout [ChatEvent]) {
    decoder.decode(bytes, into: &events)
  }

  mutating func finish(into events: inout [ChatEvent]) { events += decoder.finish() }

  mutating func fail(_ error: any Error, into events: inout [ChatEvent]) -> any Error {
    // All that was needed had come: the end of the connection does not matter.
    if decoder.isComplete {
      events += decoder.finish()
      return error
    }
    var failure = ProviderError(wrapping: error)
    failure.emitted = decoder.emitted
    return failure
  }
}
