// What is there, of elements that may be nothing.

extension Flow {
  /// Delivers the elements that are not `nil`.
  ///
  ///     source       -a-x-b-|
  ///     compacted()  -a---b-|
  ///
  /// with `nil` for x.
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream.
  @inlinable @inline(__always)
  public func compacted<Output: Sendable>() -> Flow<Output> where Element == Output? { compactMap { $0 } }
}
