// A flow for each element, several of them at a time.

extension Flow {
  /// Delivers the elements of the flows that `transform` makes of the elements, as they come.
  ///
  ///     source      -a-b----|
  ///     a           1--2--3|
  ///     b           4--5|
  ///     flatMap(2)  -1-42-53|
  ///
  /// **Demand.** The source is asked for `limit` elements, and for one more whenever a flow is complete and has
  /// been let go. The flows take turns in filling the room that was asked for: none is asked for more than
  /// was asked for here, none is left out, and nothing is buffered.
  /// **Completion.** When the source and all flows are complete. **Failure.** The first one, of the source or of
  /// a flow, and an error thrown by `transform`: at once or at the end, as `failures` says.
  ///
  /// - Parameters:
  ///   - limit: the most flows that live at a time, at least 1; anything else traps. With 1 this is
  ///     ``concatMap(_:)``; `.max` lets in all that come.
  ///   - failures: what becomes of the others when one fails.
  ///   - transform: makes a flow of an element.
  @inlinable
  public func flatMap<Output>(
    maxConcurrent limit: Int, failures: FailurePolicy = .atOnce,
    _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    precondition(limit > 0, "flatMap(maxConcurrent: \(limit)): at least one flow must be let in")
    let parts = Parts(limit: limit, failures: PartFailures(failures), map(transform).recipe)
    return limit == 1 && failures == .atOnce ? .relay(parts) : .crowd(parts)
  }
}
