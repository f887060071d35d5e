// One element that takes its time.

extension Flow {
  /// Delivers what `operation` returns, and completes.
  ///
  ///     operation  ---a|
  ///     future     ---(a|)
  ///
  /// ```swift
  /// let answer = Flow.future { try await client.send(request) }
  /// ```
  ///
  /// Each run calls `operation` anew, in a task of its own that inherits the task-local values of whoever makes the
  /// first request. **Demand.** The operation starts with the first request, not with the run: nothing is spent on
  /// what nobody asks for. **Failure.** An error thrown by `operation` fails the flow. **Cancellation.** Cancels the
  /// task; what the operation returns after that is discarded.
  public static func future(_ operation: @escaping @Sendable () async throws -> Element) -> Flow {
    Flow { context in
      context.produce { mailbox in
        let element = try await operation()
        if mailbox.answer(element) == nil { context.discard(element) }
      }
    }
  }
}
