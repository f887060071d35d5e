// Whether two flows deliver the same.

extension Flow {
  /// Runs this flow and `other`, and says whether they deliver the same elements in the same order, as
  /// `areEquivalent` sees it.
  ///
  /// **Demand.** One of each at a time. Both are let go as soon as the answer is known.
  ///
  /// - Throws: the first error of the flows, `areEquivalent`'s, or `CancellationError` when the task is cancelled.
  @inlinable
  public func sequenceEqual<Other>(
    _ other: Flow<Other>, by areEquivalent: (Element, Other) throws -> Bool,
    isolation: isolated (any Actor)? = #isolation
  ) async throws -> Bool {
    // A flow that ends sooner has an end where the other has an element.
    let mine = map { Optional($0) }.append(.just(nil))
    let others = other.map { Optional($0) }.append(.just(nil))
    let difference = try await mine.zip(others).first(
      where: { row in
        switch row {
        case (let element?, let other?): try !areEquivalent(element, other)
        case (nil, nil): false
        default: true
        }
      }, isolation: isolation)
    return difference == nil
  }
}

extension Flow where Element: Equatable {
  /// Runs this flow and `other`, and says whether they deliver equal elements in the same order.
  ///
  /// **Demand.** One of each at a time. Both are let go as soon as the answer is known.
  ///
  /// - Throws: the first error of the flows, or `CancellationError` when the task is cancelled.
  @inlinable
  public func sequenceEqual(
    _ other: Flow, isolation: isolated (any Actor)? = #isolation
  ) async throws -> Bool {
    try await sequenceEqual(other, by: ==, isolation: isolation)
  }
}
