// A flow for each element, one after another.

extension Flow {
  /// Delivers the elements of the flow that `transform` makes of each element, one flow after another.
  ///
  ///     source     -a--b--|
  ///     a          1-2-3|
  ///     b          4-5|
  ///     concatMap  -1-2-34-5|
  ///
  /// **Demand.** The next element of the source is asked for, one at a time, when the flow of the one before is
  /// complete and has been let go, and something is still asked for. A source that must go on without demand
  /// does so meanwhile.
  /// **Completion.** When the source and the last flow are complete. **Failure.** Of the source or of a flow,
  /// and an error thrown by `transform`: cancels the other.
  @inlinable
  public func concatMap<Output>(
    _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    .relay(Parts(limit: 1, map(transform).recipe))
  }
}
