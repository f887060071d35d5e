// A flow from an `AsyncSequence`.

extension Flow {
  /// Delivers the elements of an asynchronous sequence.
  ///
  ///     sequence  -a-b-c-|
  ///     from      -a-b-c-|
  ///
  /// Each run iterates anew, in a task of its own that starts with the first request, inherits the task-local
  /// values of whoever makes that, and is cancelled with the run. **Demand.** The sequence is asked for its next
  /// element only while an element was asked for: never ahead. So its end is found by the request behind the last
  /// element. **Failure.** An error thrown by the sequence fails the flow.
  @inlinable
  public static func from<S: AsyncSequence & Sendable>(_ elements: S) -> Flow where S.Element == Element {
    Flow { context in context.produce { mailbox in try await mailbox.pump(elements, in: context) } }
  }
}

extension AsyncSequence where Self: Sendable, Element: Sendable {
  /// The elements as a flow: `Flow.from(self)`.
  @inlinable
  public var flow: Flow<Element> { .from(self) }
}
