// Elements that belong together, in one.

extension Flow {
  /// Delivers arrays of neighbours that belong together.
  ///
  ///     source          -1-2-4-5-7-|
  ///     chunked { +1 }  -----x---y-(z|)
  ///
  /// with x = [1, 2], y = [4, 5] and z = [7].
  ///
  /// **Demand.** An element that completes no array is made up for by another one from upstream; the elements of the
  /// present array wait. **Completion.** Delivers the last array. **Failure.** Discards what waits; an error thrown by
  /// `belongTogether` cancels upstream and fails the flow.
  ///
  /// - Parameter belongTogether: whether an element stands in one array with the one before it.
  @inlinable
  public func chunked(
    by belongTogether: @escaping @Sendable (_ previous: Element, _ element: Element) throws -> Bool
  ) -> Flow<[Element]> {
    split { _ in (.neighbours(belongTogether), { $0 }) }
  }

  /// Delivers arrays of neighbours with the same `key`, each with that key.
  ///
  ///     source             -a-a-b-a-|
  ///     chunked { itself } -----x-y-(z|)
  ///
  /// with x = (a, [a, a]), y = (b, [b]) and z = (a, [a]). As ``chunked(by:)`` in everything else.
  @inlinable
  public func chunked<Key: Equatable & Sendable>(
    on key: @escaping @Sendable (Element) throws -> Key
  ) -> Flow<(Key, [Element])> {
    split { _ in
      var present: Key?
      var next: Key?
      let splitter = Splitter<Element>(
        cut: { element in
          next = try key(element)
          return next == present ? .none : .before
        }, begin: { present = next })
      return (splitter, { (present!, $0) })
    }
  }

  /// Delivers arrays of elements up to and with each that satisfies `isLast`.
  ///
  ///     source              -1-2-3-4-5-|
  ///     chunked { is even } ---x---y---(z|)
  ///
  /// with x = [1, 2], y = [3, 4] and z = [5]. As ``chunked(by:)`` in everything else.
  @inlinable
  public func chunked(
    until isLast: @escaping @Sendable (Element) throws -> Bool
  ) -> Flow<[Element]> {
    split { _ in (.upTo(isLast), { $0 }) }
  }
}
