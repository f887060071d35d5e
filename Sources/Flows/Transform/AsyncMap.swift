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
      return .crowd(Parts(limit: limit, failures: .ofSourceLast, calls.recipe))
    }
    return Flow<Output> { context in
      let line = Line(calls, limit: limit, running: .bySelf, in: context)
      return { room in line.poll(&room) }
    }
  }

  /// Delivers what the asynchronous `transform` makes of each element; when a call fails, what `choose` says. See
  /// ``asyncMap(maxConcurrent:ordered:_:)``.
  ///
  ///     source    -a---b---c-|
  ///     asyncMap  ---A-------(C|)
  ///
  /// with a call for b that fails, and is skipped.
  ///
  /// **Failure.** Of upstream, of a call as `choose` says, and an error thrown by that. A call that was cancelled with its
  /// run is no failure.
  ///
  /// - Parameters:
  ///   - limit: the most calls at a time, at least 1; anything else traps.
  ///   - ordered: results come in the order of the elements; otherwise as they are ready.
  ///   - choose: what becomes of an element whose call has failed. Called in the task of the call.
  ///   - transform: called once per element.
  public func asyncMap<Output: Sendable>(
    maxConcurrent limit: Int = 1, ordered: Bool = true,
    onError choose: @escaping @Sendable (any Error, Element) throws -> CallChoice<Output>,
    _ transform: @escaping @Sendable (Element) async throws -> Output
  ) -> Flow<Output> {
    asyncMap(maxConcurrent: limit, ordered: ordered) { element in
      do { return try await transform(element) } catch {
        if Task.isCancelled { throw error }
        switch try choose(error, element) {
        case .propagate: throw error
        case .skip: return nil
        case .emit(let output): return output
        }
      }
    }.compacted()
  }
}

/// What becomes of an element whose asynchronous call has failed.
public enum CallChoice<Output: Sendable>: Sendable {
  /// The flow fails with the error.
  case propagate
  /// Nothing is delivered for the element.
  case skip
  /// This is delivered for the element.
  case emit(Output)
}
