// Several elements in one, and none that waits for long.

extension Flow {
  /// Delivers the elements in arrays of `count`, or of fewer when that many have not come in `interval`.
  ///
  ///     source        -abcd-------e-|
  ///     chunked(3, 4) ---x----y-----(z|)
  ///
  /// with x = [a, b, c], y = [d] and z = [e].
  ///
  /// **Time.** Runs from the first element of an array. **Demand.** Once something was asked for, upstream is asked
  /// for what the present array lacks, whether or not another one has been asked for: an array whose time has come
  /// waits for demand, and until then becomes fuller. **Completion.** Delivers what waits. **Failure.** Discards what
  /// waits.
  ///
  /// - Parameters:
  ///   - count: the most elements in an array, at least 1; anything else traps.
  ///   - interval: more than zero; anything else traps.
  @inlinable
  public func chunked(ofCount count: Int, orEvery interval: Duration) -> Flow<[Element]> {
    precondition(count > 0, "chunked(ofCount: \(count)): an array needs at least one element")
    precondition(interval > .zero, "chunked(orEvery: \(interval)): the interval must be more than zero")
    return split { (.count(count, orEvery: interval, in: $0), { $0 }) }
  }
}
