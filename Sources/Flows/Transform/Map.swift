// One element in, one element out.

extension Flow {
  /// Delivers what `transform` makes of each element.
  ///
  ///     source  -a-b-c-|
  ///     map     -A-B-C-|
  ///
  /// **Failure.** An error thrown by `transform` cancels upstream and fails the flow.
  @inlinable @inline(__always)
  public func map<Output>(_ transform: @escaping @Sendable (Element) throws -> Output) -> Flow<Output> {
    lift { input, output in try output.append(draining: &input, transform) }
  }
}
