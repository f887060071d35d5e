// All elements, in an array.

extension Flow {
  /// Runs the flow and returns its elements.
  ///
  ///     source   -a-b-c-|
  ///     collect  -------x
  ///
  /// with x = [a, b, c].
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func collect(isolation: isolated (any Actor)? = #isolation) async throws -> [Element] {
    var elements: [Element] = []
    try await collect(into: &elements, isolation: isolation)
    return elements
  }

  /// Runs the flow and appends its elements to `collection`. What came before a failure is in there.
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func collect<C: RangeReplaceableCollection>(
    into collection: inout C, isolation: isolated (any Actor)? = #isolation
  ) async throws where C.Element == Element {
    try await consume(isolation: isolation) { chunk in
      while let element = chunk.next() { collection.append(element) }
      return true
    }
  }
}
