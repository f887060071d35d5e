// Each element with the one before it.

extension Flow {
  /// Delivers each element but the first, with the one that came before it.
  ///
  ///     source           -1-2-3-|
  ///     adjacentPairs()  ---x-y-|
  ///
  /// with x = (1, 2) and y = (2, 3).
  ///
  /// **Demand.** The first element makes no pair, and is made up for by another one from upstream.
  @inlinable @inline(__always)
  public func adjacentPairs() -> Flow<(Element, Element)> {
    lift(remembering: Element?.none) { input, output, last in
      output.append(compacting: &input) { element in
        defer { last = element }
        return last.map { ($0, element) }
      }
    }
  }
}
