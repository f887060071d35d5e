// An asynchronous call for each element.

extension Flow {
  /// Delivers what the asynchronous `transform` makes of each element.
  ///
  ///     source    -a---b-|
  ///     asyncMap  ---A---(B|)
  ///
  /// with calls that take two frames each.
  ///
  /// Calls are tasks that belong to the run: they start on the executor of its scheduler, and are cancelled
  /// with it. **Demand.** While something is asked for, upstream is asked for as many elements as calls may
  /// begin, so that at most `limit` are under way or wait to be delivered.
  /// **Completion.** When upstream is complete and every call has been delivered.
  /// **Failure.** Of upstream: after the calls that are under way. Of a call: in its place when the results are
  /// ordered, at once when not; it cancels upstream and the other calls.
  ///
  /// - Parameters:
  ///   - limit: the most calls at a time, at least 1; anything else traps.
  ///   - ordered: results come in the order of the elements; otherwise as they are ready.
  ///   - transform: called once per element. What it answers after the run has ended is discarded.
  public func asyncMap<Output: Sendable>(
    maxConcurrent limit: Int = 1, ordered: Bool = true,
    _ transform: @escaping @Sendable (Element) async throws -> Output
  ) -> Flow<Output> {
    precondition(limit > 0, "asyncMap(maxConcurrent: \(limit)): at least one call must be let in")
    let calls = map { element in Flow<Output>.call { try await transform(element) } }
    if limit > 1, !ordered {
      return .crowd(Parts(limit: limit, outliveFailure: true, calls.recipe))
    }
    return Flow<Output> { context in
      let line = Line(calls, limit: limit, running: .bySelf, in: context)
      return { room in line.poll(&room) }
    }
  }
}
