// For those who want a stream of the standard library.

extension Flow {
  /// Runs the flow, from now on, into a stream of the standard library.
  ///
  /// ``values`` keeps the consumer's pace and needs no buffer; this is for interfaces that name the type.
  ///
  /// **Demand.** Unlimited: `policy` says what becomes of elements that the consumer has not asked for.
  /// **Cancellation.** When the stream is let go, or the task that iterates is cancelled.
  public func asyncThrowingStream(
    buffering policy: AsyncThrowingStream<Element, any Error>.Continuation.BufferingPolicy
  ) -> AsyncThrowingStream<Element, any Error> {
    AsyncThrowingStream(bufferingPolicy: policy) { continuation in
      let subscription = subscribe(
        onValue: { continuation.yield($0) },
        onEnd: { end in
          switch end {
          case .finished: continuation.finish()
          case .failed(let error): continuation.finish(throwing: error)
          }
        })
      continuation.onTermination = { _ in subscription.cancel() }
    }
  }

  /// Runs the flow, from now on, into a stream of the standard library that cannot fail. See
  /// ``asyncThrowingStream(buffering:)``.
  ///
  /// - Parameters:
  ///   - policy: what becomes of elements that the consumer has not asked for.
  ///   - onError: hears of a failure, which ends the stream.
  public func asyncStream(
    buffering policy: AsyncStream<Element>.Continuation.BufferingPolicy,
    onError: @escaping @Sendable (any Error) -> Void
  ) -> AsyncStream<Element> {
    AsyncStream(bufferingPolicy: policy) { continuation in
      let subscription = subscribe(
        onValue: { continuation.yield($0) },
        onEnd: { end in
          if case .failed(let error) = end { onError(error) }
          continuation.finish()
        })
      continuation.onTermination = { _ in subscription.cancel() }
    }
  }
}
