// A flow for each element, one after another.

extension Flow {
  @inlinable
  public func concatMap<Output>(
    _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    .relay(Parts(limit: 1, map(transform).recipe))
  }
}
