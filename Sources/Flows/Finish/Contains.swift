// Questions that one element may answer.

extension Flow {
  /// Runs the flow until an element satisfies `predicate`, and says whether one did.
  ///
  ///     source            -1-2-3-|
  ///     contains { even } ---t
  ///
  /// with t = true.
  ///
  /// **Demand.** One at a time. The flow is let go as soon as the answer is known.
  ///
  /// - Throws: the flow's error, `predicate`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func contains(
    where predicate: (Element) throws -> Bool, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Bool {
    try await first(where: predicate, isolation: isolation) != nil
  }

  /// Runs the flow until an element does not satisfy `predicate`, and says whether all did.
  ///
  ///     source             -1-2-3-|
  ///     allSatisfy { odd } ---f
  ///
  /// with f = false.
  ///
  /// **Demand.** One at a time. The flow is let go as soon as the answer is known.
  ///
  /// - Throws: the flow's error, `predicate`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func allSatisfy(
    _ predicate: (Element) throws -> Bool, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Bool {
    try await first(where: { try !predicate($0) }, isolation: isolation) == nil
  }

  /// Runs the flow until its first element, and says whether it completed without one.
  ///
  ///     source   ---a-|
  ///     isEmpty  ---f
  ///
  /// with f = false.
  ///
  /// **Demand.** One. The flow is let go as soon as the answer is known.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func isEmpty(isolation: isolated (any Actor)? = #isolation) async throws -> Bool {
    try await first(isolation: isolation) == nil
  }
}

extension Flow where Element: Equatable {
  /// Runs the flow until an element equals `element`, and says whether one did.
  ///
  ///     source       -1-2-3-|
  ///     contains(2)  ---t
  ///
  /// with t = true.
  ///
  /// **Demand.** One at a time. The flow is let go as soon as the answer is known.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func contains(
    _ element: Element, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Bool {
    try await contains(where: { $0 == element }, isolation: isolation)
  }
}
