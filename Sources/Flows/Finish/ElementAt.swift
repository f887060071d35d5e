// The element at a place, and the flow is let go.

extension Flow {
  /// Runs the flow until the element that `index` others come before, and returns that; `nil` when there are not so
  /// many.
  ///
  ///     source         ---a-b-c-|
  ///     element(at: 1) -----b
  ///
  /// **Demand.** One at a time, `index` and one in all. The flow is let go before the element is returned. A negative
  /// `index` traps.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func element(
    at index: Int, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Element? {
    precondition(index >= 0, "element(at: \(index)): a flow has no element before the first")
    var left = index
    return try await first(
      where: { _ in
        left -= 1
        return left < 0
      }, isolation: isolation)
  }
}
