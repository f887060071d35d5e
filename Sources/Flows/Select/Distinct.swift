// Nothing twice.

extension Flow {
  /// Drops elements whose `key` has come before.
  ///
  ///     source              -a-b-a-c-b-|
  ///     distinct { itself } -a-b---c---|
  ///
  /// The `limit` keys that were seen last are remembered, so that an endless flow needs no endless memory: an
  /// element whose key has not been seen for so many other keys counts as new.
  ///
  /// **Demand.** Every element that is dropped is made up for by another one from upstream.
  /// **Failure.** An error thrown by `key` cancels upstream and fails the flow.
  ///
  /// - Parameters:
  ///   - key: what two elements that are the same have in common.
  ///   - limit: how many keys are remembered, more than zero; anything else traps.
  @inlinable
  public func distinct<Key: Hashable & Sendable>(
    by key: @escaping @Sendable (Element) throws -> Key, limit: Int
  ) -> Flow {
    precondition(limit > 0, "distinct(limit: \(limit)): at least one key must be remembered")
    return Flow { context in
      let upstream = start(in: context)
      var seen = RecentKeys<Key>(limit: limit)
      return { room in
        let start = room.count
        let poll = upstream(&room)
        do {
          try room.keep(from: start) {
            seen.insert(try key($0))
          } discard: {
            context.discard($0)
          }
        } catch {
          return .failed(error)
        }
        return poll
      }
    }
  }
}

/// The keys that were seen last.
@usableFromInline
struct RecentKeys<Key: Hashable>: ~Copyable {
  private let limit: Int
  /// Each key with the number of its last sight.
  private var sights: [Key: Int] = [:]
  /// All sights in order; one that was followed by another of its key means nothing any more.
  private var order = Ring<(key: Key, number: Int)>()
  private var number = 0

  @usableFromInline
  init(limit: Int) { self.limit = limit }

  /// Remembers `key`; false when it was remembered already.
  @usableFromInline
  mutating func insert(_ key: Key) -> Bool {
    number += 1
    let isNew = sights.updateValue(number, forKey: key) == nil
    order.append((key, number))
    if sights.count > limit { forgetOldest() }
    // At least half of the sights mean something, so that memory stays within twice the limit.
    while order.count > 2 * sights.count { forgetStale() }
    return isNew
  }

  private mutating func forgetOldest() {
    while let (key, number) = order.popFirst() {
      if sights[key] == number {
        sights[key] = nil
        return
      }
    }
  }

  private mutating func forgetStale() {
    var rest = Ring<(key: Key, number: Int)>()
    while let sight = order.popFirst() { if sights[sight.key] == sight.number { rest.append(sight) } }
    order = rest
  }
}
