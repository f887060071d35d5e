// What is planned, in order of instant, then of arrival. No clock, no lock: time comes in.
import Flows

/// Things that wait for their instant. A forgotten one leaves nothing behind but its place in the order.
struct Agenda<Item> {
  private struct Place: Comparable {
    let instant: FlowInstant
    let id: UInt64

    static func < (a: Place, b: Place) -> Bool { (a.instant, a.id) < (b.instant, b.id) }
  }

  private var heap = Heap<Place>()
  private var items: [UInt64: Item] = [:]

  var count: Int { items.count }
  var isEmpty: Bool { items.isEmpty }

  /// Plans an item. Ids must grow: they are the order of arrival.
  mutating func insert(_ id: UInt64, at instant: FlowInstant, _ item: Item) {
    items[id] = item
    heap.insert(Place(instant: instant, id: id))
  }

  mutating func remove(_ id: UInt64) -> Item? {
    let item = items.removeValue(forKey: id)
    // Places of forgotten items are swept up when they are most of the heap.
    if heap.count > 64, heap.count > 4 * items.count {
      heap.filter { items[$0.id] != nil }
    }
    return item
  }

  /// When the first item is due.
  mutating func next() -> FlowInstant? {
    while let first = heap.first {
      if items[first.id] != nil { return first.instant }
      heap.removeFirst()
    }
    return nil
  }

  /// Takes out the first item that is due.
  mutating func takeFirst(dueAt now: FlowInstant) -> Item? {
    guard let instant = next(), instant <= now, let first = heap.first else { return nil }
    heap.removeFirst()
    return items.removeValue(forKey: first.id)
  }
}
