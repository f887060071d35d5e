// One element in, one or none out.

extension Flow {
  /// Delivers what `transform` makes of each element, where it makes something.
  ///
  ///     source      -1-x-3-|
  ///     compactMap  -1---3-|
  ///
  /// **Demand.** Every element of which nothing is made is made up for by another one from upstream.
  /// **Failure.** An error thrown by `transform` cancels upstream and fails the flow.
  @inlinable @inline(__always)
  public func compactMap<Output>(
    _ transform: @escaping @Sendable (Element) throws -> Output?
  ) -> Flow<Output> {
    lift { input, output in try output.append(compacting: &input, transform) }
  }
}
