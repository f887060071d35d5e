// How many there are.

extension Flow {
  /// Runs the flow and returns the number of its elements.
  ///
  ///     source  -a-b-c-|
  ///     count   -------3
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func count(isolation: isolated (any Actor)? = #isolation) async throws -> Int {
    try await reduce(0, { count, _ in count &+ 1 }, isolation: isolation)
  }

  /// Runs the flow for its effects and lets its elements go.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func drain(isolation: isolated (any Actor)? = #isolation) async throws {
    try await forEach({ _ in }, isolation: isolation)
  }
}
