// What a fold is after each element.

extension Flow {
  /// Delivers, for each element, what `combine` makes of it and of what was delivered before.
  ///
  ///     source      -1-2-3-|
  ///     scan(0, +)  -1-3-6-|
  ///
  /// The first element is combined with `initial`, which is not delivered itself: an empty flow stays empty.
  /// **Failure.** An error thrown by `combine` cancels upstream and fails the flow.
  @inlinable @inline(__always)
  public func scan<Result: Sendable>(
    _ initial: Result, _ combine: @escaping @Sendable (Result, Element) throws -> Result
  ) -> Flow<Result> {
    lift(remembering: initial) { input, output, state in
      try output.append(folding: &input, into: &state) { $0 = try combine($0, $1) }
    }
  }

  /// The same as ``scan(_:_:)``, by the name that Swift's sequences use. As in the asynchronous algorithms,
  /// and unlike those of a `Sequence`, `initial` is not delivered.
  ///
  ///     source            -1-2-3-|
  ///     reductions(0, +)  -1-3-6-|
  @inlinable @inline(__always)
  public func reductions<Result: Sendable>(
    _ initial: Result, _ combine: @escaping @Sendable (Result, Element) throws -> Result
  ) -> Flow<Result> {
    scan(initial, combine)
  }

  /// ``scan(_:_:)`` with a result that is changed in its place instead of being made anew.
  ///
  ///     source               -1-2-3-|
  ///     reductions(into: 0)  -1-3-6-|
  @inlinable @inline(__always)
  public func reductions<Result: Sendable>(
    into initial: Result, _ update: @escaping @Sendable (inout Result, Element) throws -> Void
  ) -> Flow<Result> {
    lift(remembering: initial) { input, output, state in
      try output.append(folding: &input, into: &state, update)
    }
  }
}
