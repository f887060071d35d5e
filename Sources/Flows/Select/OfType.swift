// The elements of one type.

extension Flow {
  /// Delivers the elements that are of a type, as values of that.
  ///
  ///     source       -a-1-b-2-|
  ///     ofType(Int)  ---1---2-|
  ///
  /// **Demand.** Every element of another type is made up for by another one from upstream.
  @inlinable @inline(__always)
  public func ofType<Output: Sendable>(_ type: Output.Type = Output.self) -> Flow<Output> {
    compactMap { $0 as? Output }
  }
}
