// One element, and the flow is let go.

extension Flow {
  /// Runs the flow until its first element and returns that; `nil` when there is none.
  ///
  ///     source  ---a-b-c-|
  ///     first   ---a
  ///
  /// **Demand.** One. The flow is let go before the element is returned.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func first(isolation: isolated (any Actor)? = #isolation) async throws -> Element? {
    try await first(where: { _ in true }, isolation: isolation)
  }

  /// Runs the flow until the first element that satisfies `predicate`, and returns that; `nil` when there is none.
  ///
  ///     source         -1-2-3-|
  ///     first { even } ---2
  ///
  /// **Demand.** One at a time. The flow is let go before the element is returned.
  ///
  /// - Throws: the flow's error, `predicate`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func first(
    where predicate: (Element) throws -> Bool, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Element? {
    var first: Element?
    try await consume(atMost: 1, isolation: isolation) { chunk in
      guard let element = chunk.next(), try predicate(element) else { return true }
      first = element
      return false
    }
    return first
  }
}
