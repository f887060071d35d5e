// A call for each element.

extension Flow {
  /// Runs the flow and calls `body` for each element.
  ///
  ///     source   -a-b-c-|
  ///     forEach  -a-b-c-|
  ///
  /// `body` runs in the caller's task, on the caller's actor.
  ///
  /// - Throws: the flow's error, `body`'s, or `CancellationError` when the task is cancelled.
  @inlinable @inline(__always)
  public func forEach(
    _ body: (Element) throws -> Void, isolation: isolated (any Actor)? = #isolation
  ) async throws {
    try await consume(isolation: isolation) { chunk in
      while let element = chunk.next() { try body(element) }
      return true
    }
  }

  /// Runs the flow and calls `body` for each element, one after another.
  ///
  /// `body` runs in the caller's task, on the caller's actor. **Demand.** One element at a time: the next one is
  /// asked for when `body` has returned. **Cancellation** of the task ends the run at once, also while `body` waits.
  ///
  /// - Throws: the flow's error, `body`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func forEach(
    _ body: nonisolated(nonsending) (Element) async throws -> Void,
    isolation: isolated (any Actor)? = #isolation
  ) async throws {
    let cursor = Cursor(self)
    try await withTaskCancellationHandler {
      while let element = try await cursor.next(isolation: isolation) { try await body(element) }
    } onCancel: {
      cursor.cancel()
    }
    try cursor.checkCancellation()
  }

  /// Runs the flow and calls `body` for each element, for several of them at a time.
  ///
  /// `body` runs in tasks of its own. **Demand.** `limit` elements, and one more whenever a call has returned.
  /// **Failure.** The first cancels the other calls. **Cancellation** of the task cancels all of them.
  ///
  /// At most `limit` calls are under way at a time; less than 1 traps.
  ///
  /// - Throws: the flow's error, `body`'s, or `CancellationError` when the task is cancelled.
  public func forEach(
    maxConcurrent limit: Int, isolation: isolated (any Actor)? = #isolation,
    _ body: @escaping @Sendable (Element) async throws -> Void
  ) async throws {
    precondition(limit > 0, "forEach(maxConcurrent: \(limit)): at least one call must be let in")
    try await flatMap(maxConcurrent: limit) { element in Flow<Void>.future { try await body(element) } }
      .drain(isolation: isolation)
  }
}
