// For a consumer that only wants to know how things stand.

extension Flow {
  /// Holds the latest element until the consumer asks for one.
  ///
  ///     source    -abcd---e|
  ///     latest()  -a-----d---(e|)
  ///     demand    1------1---1
  ///
  /// **Demand.** The upstream is consumed without limit. An element that was not asked for waits, and gives way
  /// to a newer one; it is heard by `onDrop`. **Completion** and **Failure** come after the element that waits.
  @inlinable
  public func latest() -> Flow { buffer(1, whenFull: .dropOldest) }
}
