// The elements that satisfy an asynchronous condition.

extension Flow {
  /// Delivers the elements for which the asynchronous `isIncluded` answers true.
  ///
  ///     source       -1---2---3-|
  ///     filterAsync  ---1-------(3|)
  ///
  /// with calls that take two frames each and let odd numbers pass.
  ///
  /// The calls are those of ``asyncMap(maxConcurrent:ordered:_:)``. **Demand.** Every element that is dropped is made up
  /// for by another one from upstream. **Failure.** As there: in its place when ordered, at once when not.
  ///
  /// - Parameters:
  ///   - limit: the most calls at a time, at least 1; anything else traps.
  ///   - ordered: elements come in the order of the source; otherwise as they are ready.
  ///   - isIncluded: called once per element.
  public func filterAsync(
    maxConcurrent limit: Int = 1, ordered: Bool = true,
    _ isIncluded: @escaping @Sendable (Element) async throws -> Bool
  ) -> Flow {
    precondition(limit > 0, "filterAsync(maxConcurrent: \(limit)): at least one call must be let in")
    return asyncMap(maxConcurrent: limit, ordered: ordered) { try await isIncluded($0) ? $0 : nil }
      .compacted()
  }
}
