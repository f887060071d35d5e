// No more than so many, ever.

extension Flow {
  /// Asks upstream for no more than `count` elements in all, however many are asked for here, and completes with the
  /// last of them.
  ///
  ///     source           -a-(b!)
  ///     limitRequest(2)  -a-(b|)
  ///     asked source     2--
  ///
  /// No flow delivers more than was asked for, so this is ``prefix(_:)`` under the name that says why it is there: for
  /// a source that must not be asked for more.
  ///
  /// - Parameter count: zero or more; a negative number traps.
  @inlinable @inline(__always)
  public func limitRequest(_ count: Int) -> Flow {
    precondition(count >= 0, "limitRequest(\(count)): a flow has no negative number of elements")
    return prefix(count)
  }
}
