// Flows one after another.

extension Flow {
  /// Delivers the elements of this flow, and then those of each of `others`.
  ///
  ///     a       -1-2-|
  ///     b       -3-4-|
  ///     append  -1-2--3-4-|
  ///
  /// A flow is started when the one before it is complete and has been let go; what was asked for and not
  /// served is asked of the next. Rows of any length, made by any number of calls, run in constant stack.
  /// **Completion.** With the last flow. **Failure.** Of any flow; those after it are never started.
  @inlinable
  public func append(_ others: Flow...) -> Flow { .row([self] + others) }

  /// Delivers the elements of each of `others`, and then those of this flow. See ``append(_:)``.
  ///
  ///     a        -1-2-|
  ///     b        -3-4-|
  ///     prepend  -3-4--1-2-|
  @inlinable
  public func prepend(_ others: Flow...) -> Flow { .row(others + [self]) }

  /// Delivers the elements of each of `flows`, one after another. See ``append(_:)``.
  ///
  ///     a       -1-2-|
  ///     b       -3-4-|
  ///     concat  -1-2--3-4-|
  ///
  /// The sequence is asked for a flow when the one before it is complete, so it may be lazy, and endless.
  @inlinable
  public static func concat<S: Sequence & Sendable>(_ flows: S) -> Flow where S.Element == Flow {
    .relay(Parts(limit: 1, isGiven: true, Flow<Flow>.from(flows).recipe))
  }

  @inlinable
  static func row(_ flows: [Flow]) -> Flow {
    var chain = flows[0].chain
    for flow in flows.dropFirst() { chain = Chain(chain, flow.chain) }
    return .relay(Parts(chain))
  }
}
