// What was missed, in one element.

extension Flow {
  /// Makes one element of all that come until the consumer asks for one.
  ///
  ///     source       -1234|
  ///     conflate(+)  -1-----(9|)
  ///     demand       1------1
  ///
  /// **Demand.** The upstream is consumed without limit. An element that was not asked for waits, and becomes one with
  /// those that follow. **Completion** and **Failure** come after the element that waits. An error thrown by `combine`
  /// cancels upstream and fails the flow.
  ///
  /// - Parameter combine: makes one element of what waits and of what has come.
  @inlinable
  public func conflate(
    _ combine: @escaping @Sendable (_ waiting: Element, _ new: Element) throws -> Element
  ) -> Flow {
    buffer(1, whenFull: .reduce(combine))
  }
}
