// What is at hand: what was used longest ago goes first.
import Flows

/// A bounded number of values, of a bounded weight, each for a while. Time comes in as an argument.
struct CacheShelf<Value: Sendable> {
  private struct Slot {
    let key: CacheKey
    let value: Value
    let weight: Int
    /// Since when the value is true, and until when.
    let birth: FlowInstant
    let expiry: FlowInstant
    /// The neighbours in the order of use; -1 for none.
    var older: Int
    var newer: Int
  }

  enum Found {
    case value(Value, age: Duration, left: Duration?)
    /// There was one, which was too old.
    case stale
    case nothing
  }

  private let maxEntries: Int
  private let maxBytes: Int
  private var slots: [Slot?] = []
  private var free: [Int] = []
  private var places: [CacheKey: Int] = [:]
  private var oldest = -1
  private var newest = -1
  private(set) var bytes = 0

  init(maxEntries: Int, maxBytes: Int) {
    self.maxEntries = maxEntries
    self.maxBytes = maxBytes
  }

  var count: Int { places.count }

  /// Looks for a value, which then is the one that was used last.
  mutating func find(_ key: CacheKey, at now: FlowInstant) -> Found {
    guard let place = places[key], let slot = slots[place] else { return .nothing }
    if slot.expiry <= now {
      take(place)
      return .stale
    }
    unlink(place)
    link(place)
    let left = slot.expiry == .distantFuture ? nil : now.duration(to: slot.expiry)
    return .value(slot.value, age: max(.zero, slot.birth.duration(to: now)), left: left)
  }

  /// Keeps a value for so long, `nil` for ever, in place of the one of the same key. What had to go comes back.
  mutating func keep(
    _ value: Value, weight: Int, for key: CacheKey, age: Duration = .zero, at now: FlowInstant,
    left: Duration?
  ) -> [CacheKey] {
    remove(key)
    guard weight <= maxBytes, maxEntries > 0 else { return [] }
    let slot = Slot(
      key: key, value: value, weight: weight, birth: now.advanced(by: .zero - age),
      expiry: left.map { now.advanced(by: $0) } ?? .distantFuture, older: -1, newer: -1)
    let place = free.popLast() ?? slots.count
    if place == slots.count { slots.append(slot) } else { slots[place] = slot }
    places[key] = place
    bytes += weight
    link(place)
    var evicted: [CacheKey] = []
    while bytes > maxBytes || count > maxEntries { evicted.append(take(oldest)) }
    return evicted
  }

  @discardableResult
  mutating func remove(_ key: CacheKey) -> Bool {
    guard let place = places[key] else { return false }
    take(place)
    return true
  }

  mutating func removeAll() { self = CacheShelf(maxEntries: maxEntries, maxBytes: maxBytes) }

  @discardableResult
  private mutating func take(_ place: Int) -> CacheKey {
    unlink(place)
    let slot = slots[place]!
    slots[place] = nil
    free.append(place)
    places[slot.key] = nil
    bytes -= slot.weight
    return slot.key
  }

  private mutating func link(_ place: Int) {
    slots[place]!.older = newest
    slots[place]!.newer = -1
    if newest >= 0 { slots[newest]!.newer = place } else { oldest = place }
    newest = place
  }

  private mutating func unlink(_ place: Int) {
    let (older, newer) = (slots[place]!.older, slots[place]!.newer)
    if older >= 0 { slots[older]!.newer = newer } else { oldest = newer }
    if newer >= 0 { slots[newer]!.older = older } else { newest = older }
  }
}
