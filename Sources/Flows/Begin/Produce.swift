// A flow from a loop that waits for its consumer.

extension Flow {
  /// Delivers what `body` sends, and completes when it returns.
  ///
  ///     sends    -a-b-c-|
  ///     produce  -a-b-c-|
  ///
  /// ```swift
  /// let pages = Flow<Page>.produce { writer in
  ///   var next: Page.ID? = .first
  ///   while let id = next {
  ///     let page = try await library.page(id)
  ///     try await writer.send(page)
  ///     next = page.next
  ///   }
  /// }
  /// ```
  ///
  /// Each run calls `body` anew, in a task of its own that inherits the task-local values of whoever makes the first
  /// request. **Demand.** The task starts with the first request, and `send` returns when another element is asked
  /// for: so nothing is made that nobody waits for, and nothing is buffered. **Failure.** An error thrown by `body`
  /// fails the flow after what was sent. **Cancellation.** Cancels the task; `send` throws `CancellationError` from
  /// then on.
  public static func produce(
    _ body: @escaping @Sendable (FlowWriter<Element>) async throws -> Void
  ) -> Flow {
    Flow { context in context.produce { mailbox in try await body(FlowWriter(mailbox)) } }
  }
}

/// The producer's end of ``Flow/produce(_:)``. Several tasks may send at once: each waits until it is asked.
public struct FlowWriter<Element: Sendable>: Sendable {
  private let mailbox: Mailbox<Element>

  fileprivate init(_ mailbox: Mailbox<Element>) { self.mailbox = mailbox }

  /// Delivers `element`, and returns when another one is asked for.
  ///
  /// - Throws: `CancellationError` when nobody consumes the flow any more, when the closure that was handed the
  ///   writer has ended, and when the task that sends is cancelled.
  public func send(_ element: Element) async throws { try await mailbox.deliver(element) }
}
