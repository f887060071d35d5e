// The only bridge to `for try await`.

extension Flow {
  /// The flow as an `AsyncSequence`.
  ///
  ///     source  -a-b-c-|
  ///     values  -a-b-c-|
  ///
  /// ```swift
  /// for try await token in answer.values { print(token) }
  /// ```
  ///
  /// Every iterator is a run of its own. **Demand.** One element, when the iterator is asked for one: the
  /// consumer's pace is the flow's. **Cancellation.** Cancelling the task, leaving the loop, and letting the
  /// iterator go all end the run; a cancelled loop ends without an error.
  @inlinable
  public var values: FlowSequence<Element> { FlowSequence(self) }

  /// The flow as an `AsyncSequence` that is ahead of its consumer. See ``values``.
  ///
  /// **Demand.** Up to `capacity` elements more than the consumer has taken.
  ///
  /// - Parameter capacity: the most elements that wait, at least 1; anything else traps.
  public func values(bufferingUpTo capacity: Int) -> FlowSequence<Element> {
    precondition(
      capacity > 0, "values(bufferingUpTo: \(capacity)): a buffer needs room for at least one element")
    return buffer(capacity, whenFull: .backpressure).values
  }
}

/// A flow that is iterated: ``Flow/values``.
public struct FlowSequence<Element: Sendable>: AsyncSequence, Sendable {
  @usableFromInline let flow: Flow<Element>

  @inlinable
  init(_ flow: Flow<Element>) { self.flow = flow }

  @inlinable
  public func makeAsyncIterator() -> Iterator { Iterator(flow) }

  /// One run of the flow.
  ///
  /// An iterator has one consumer: a second `next()` while the first waits is a mistake, and traps.
  public struct Iterator: AsyncIteratorProtocol {
    @usableFromInline let cursor: Cursor<Element>

    @inlinable
    init(_ flow: Flow<Element>) { cursor = Cursor(flow) }

    /// The next element, or `nil` after the last.
    @inlinable
    public func next() async throws -> Element? {
      try await cursor.next(isolation: nil)
    }

    /// The next element, or `nil` after the last, without leaving the caller's actor.
    @inlinable
    public func next(isolation actor: isolated (any Actor)?) async throws(any Error) -> Element? {
      try await cursor.next(isolation: actor)
    }
  }
}
