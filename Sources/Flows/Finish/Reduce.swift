// All elements into one value.

extension Flow {
  /// Runs the flow and combines its elements, from the first to the last.
  ///
  ///     source        -1-2-3-|
  ///     reduce(0, +)  -------6
  ///
  /// - Throws: the flow's error, `combine`'s, or `CancellationError` when the task is cancelled.
  @inlinable @inline(__always)
  public func reduce<Result>(
    _ initial: Result, _ combine: (Result, Element) throws -> Result,
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> Result {
    var result = initial
    try await consume(isolation: isolation) { chunk in
      // A local, so that a sum stays in a register.
      var sum = result
      while let element = chunk.next() { sum = try combine(sum, element) }
      result = sum
      return true
    }
    return result
  }

  /// Runs the flow and folds its elements into `initial`, without copying it.
  ///
  ///     source           -1-2-3-|
  ///     reduce(into: 0)  -------6
  ///
  /// - Throws: the flow's error, `fold`'s, or `CancellationError` when the task is cancelled.
  @inlinable @inline(__always)
  public func reduce<Result>(
    into initial: Result, _ fold: (inout Result, Element) throws -> Void,
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> Result {
    var result = initial
    try await consume(isolation: isolation) { chunk in
      while let element = chunk.next() { try fold(&result, element) }
      return true
    }
    return result
  }
}
