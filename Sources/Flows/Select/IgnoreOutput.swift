// Only how it ends.

extension Flow {
  /// Delivers no element, only the end.
  ///
  ///     source          -a-b-c-|
  ///     ignoreOutput()  -------|
  ///
  /// **Demand.** The upstream is consumed without limit, asked or not.
  ///
  /// - Parameter type: the element type of the result, of which there is none.
  @inlinable
  public func ignoreOutput<Output: Sendable>(as type: Output.Type = Never.self) -> Flow<Output> {
    Flow<Output> { context in
      let upstream = start(in: context)
      return { _ in context.exhaust(upstream) { _ in } }
    }
  }
}
