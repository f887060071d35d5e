// What comes last.

extension Flow {
  /// Runs the flow and returns its last element; `nil` when there is none.
  ///
  ///     source  -a-b-c-|
  ///     last    -------c
  ///
  /// - Throws: the flow's error, or `CancellationError` when the task is cancelled.
  @inlinable
  public func last(isolation: isolated (any Actor)? = #isolation) async throws -> Element? {
    var last: Element?
    try await consume(isolation: isolation) { chunk in
      while let element = chunk.next() { last = element }
      return true
    }
    return last
  }
}
