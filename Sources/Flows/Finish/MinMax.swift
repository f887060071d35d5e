// The least and the greatest element.

extension Flow {
  /// Runs the flow and returns its least element, the first of several; `nil` when there is none.
  ///
  ///     source          -3-1-2-|
  ///     min { by size } -------1
  ///
  /// - Throws: the flow's error, `areInIncreasingOrder`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func min(
    by areInIncreasingOrder: (Element, Element) throws -> Bool, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Element? {
    try await reduce(
      into: Element?.none,
      { least, element in
        if let present = least, try !areInIncreasingOrder(element, present) { return }
        least = element
      }, isolation: isolation)
  }

  /// Runs the flow and returns its greatest element, the last of several; `nil` when there is none.
  ///
  ///     source          -3-1-2-|
  ///     max { by size } -------3
  ///
  /// - Throws: the flow's error, `areInIncreasingOrder`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func max(
    by areInIncreasingOrder: (Element, Element) throws -> Bool, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Element? {
    try await reduce(
      into: Element?.none,
      { greatest, element in
        if let present = greatest, try areInIncreasingOrder(element, present) { return }
        greatest = element
      }, isolation: isolation)
  }
}

extension Flow where Element: Comparable {
  /// Runs the flow and returns its least element, the first of several; `nil` when there is none.
  ///
  ///     source  -3-1-2-|
  ///     min     -------1
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func min(isolation: isolated (any Actor)? = #isolation) async throws -> Element? {
    try await min(by: <, isolation: isolation)
  }

  /// Runs the flow and returns its greatest element, the last of several; `nil` when there is none.
  ///
  ///     source  -3-1-2-|
  ///     max     -------3
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func max(isolation: isolated (any Actor)? = #isolation) async throws -> Element? {
    try await max(by: <, isolation: isolation)
  }
}
