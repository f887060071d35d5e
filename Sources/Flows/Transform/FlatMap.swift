// A flow for each element, several of them at a time.

extension Flow {
  @inlinable
  public func flatMap<Output>(
    maxConcurrent limit: Int, _ transform: @escaping @Sendable (Element) throws -> Flow<Output>
  ) -> Flow<Output> {
    precondition(limit > 0, "flatMap(maxConcurrent: \(limit)): at least one flow must be let in")
    let parts = Parts(limit: limit, map(transform).recipe)
    return limit == 1 ? .relay(parts) : .crowd(parts)
  }
}
