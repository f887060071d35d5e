// Some elements pass.

extension Flow {
  /// Delivers the elements that satisfy `isIncluded`.
  ///
  ///     source          -1-2-3-4-|
  ///     filter { even } ---2---4-|
  ///
  /// **Demand.** Every element that does not pass is made up for by another one from upstream.
  /// **Failure.** An error thrown by `isIncluded` cancels upstream and fails the flow.
  @inlinable @inline(__always)
  public func filter(_ isIncluded: @escaping @Sendable (Element) throws -> Bool) -> Flow {
    edit { room, start, discard in try room.keep(from: start, where: isIncluded, discard: discard) }
  }
}
