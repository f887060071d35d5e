// The one that there must be.

extension Flow {
  /// Runs the flow and returns its only element: ``value``, under the name that it has elsewhere.
  ///
  ///     source  ---a-|
  ///     single  -----a
  ///
  /// **Demand.** One, and then one more, to see that there is none.
  ///
  /// - Throws: ``FlowValueError`` when the flow has no element, or more than one; the flow's error;
  ///   `CancellationError` when the task is cancelled.
  nonisolated(nonsending) public func single() async throws -> Element { try await value }

  /// Runs the flow and returns the only element that satisfies `predicate`. See ``single()``.
  nonisolated(nonsending) public func single(
    where predicate: @escaping @Sendable (Element) throws -> Bool
  ) async throws -> Element {
    try await filter(predicate).value
  }
}
