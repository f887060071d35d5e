// Flows, or sequences, end to end.

extension Flow {
  /// Delivers the elements of the flows that come, one flow after another.
  ///
  ///     source  -a--b--|
  ///     a       1-2-3|
  ///     b       4-5|
  ///     joined  -1-2-34-5|
  ///
  /// The same as ``concatMap(_:)`` with flows that exist already.
  @inlinable
  public func joined<Output>() -> Flow<Output> where Element == Flow<Output> {
    .relay(Parts(limit: 1, recipe))
  }

  /// Delivers the elements of the flows that come, one flow after another, with those of `separator` between them.
  ///
  ///     source        -a---b------|
  ///     a             1-2|
  ///     b             3----4|
  ///     joined([x])   -1-2-(x3)-4-|
  ///
  /// A separator comes when the flow behind it does: there is none before the first and none after the last.
  /// **Demand.** The flow behind a separator is held until that is delivered, at most one.
  @inlinable
  public func joined<Output, Separator: Sequence & Sendable>(
    separator: Separator
  ) -> Flow<Output> where Element == Flow<Output>, Separator.Element == Output {
    interspersed(with: .from(Array(separator))).joined()
  }

  /// Delivers the elements of the sequences that come, one sequence after another.
  ///
  ///     source  -x----y----|
  ///     joined  -(ab)-(cd)-|
  ///
  /// with x = [a, b] and y = [c, d]. A sequence is read to its end when its first element is asked for.
  @inlinable
  public func joined() -> Flow<Element.Element> where Element: Sequence, Element.Element: Sendable {
    map { .from(Array($0)) }.joined()
  }

  /// Delivers the elements of the sequences that come, one sequence after another, with those of `separator` between
  /// them. See ``joined(separator:)-8yikj``.
  @inlinable
  public func joined<Separator: Sequence & Sendable>(
    separator: Separator
  ) -> Flow<Element.Element>
  where Element: Sequence, Element.Element: Sendable, Separator.Element == Element.Element {
    map { .from(Array($0)) }.joined(separator: separator)
  }
}
