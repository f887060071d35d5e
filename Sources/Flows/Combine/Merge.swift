// Several flows into one, as they come.

extension Flow {
  /// Delivers the elements of this flow and of `others` as they come.
  ///
  ///     a      -1---2-|
  ///     b      --3----4-|
  ///     merge  -13--2-4-|
  ///
  /// **Demand.** Each poll lends the room that is left to the source that has been ready longest, and they take
  /// turns: no source is asked for more than was asked for here, and none is left out.
  /// **Completion.** When all sources are complete. **Failure.** The first one, when `failures` says so.
  ///
  /// - Parameters:
  ///   - others: those that run beside this one.
  ///   - failures: what becomes of the others when one fails.
  @inlinable
  public func merge(with others: Flow..., failures: FailurePolicy = .atOnce) -> Flow {
    .merge([self] + others, failures: failures)
  }

  /// Delivers the elements of all `sources` as they come. See ``merge(with:failures:)``.
  @inlinable
  public static func merge(_ sources: [Flow], failures: FailurePolicy = .atOnce) -> Flow {
    let start = Flow<Flow>.from(sources).recipe
    return .crowd(Parts(limit: .max, isGiven: true, failures: PartFailures(failures), start))
  }
}
