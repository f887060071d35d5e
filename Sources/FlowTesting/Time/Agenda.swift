// What is planned, in order of instant, then of arrival. No clock, no lock: time comes in.
import Flows

/// Things that wait for their instant. A forgotten one leaves nothing behind but its place in the order.
struct Agenda<Item> {
  private struct Place {
    let instant: FlowInstant
    let id: UInt64
  }

  private var heap: [Place] = []
  private var items: [UInt64: Item] = [:]

  var count: Int { items.count }
  var isEmpty: Bool { items.isEmpty }

  /// Plans an item. Ids must grow: they are the order of arrival.
  mutating func insert(_ id: UInt64, at instant: FlowInstant, _ item: Item) {
    items[id] = item
    heap.append(Place(instant: instant, id: id))
    var child = heap.count - 1
    while child > 0, precedes(child, (child - 1) / 2) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  mutating func remove(_ id: UInt64) -> Item? {
    let item = items.removeValue(forKey: id)
    // Places of forgotten items are swept up when they are most of the heap; a sorted array is a heap.
    if heap.count > 64, heap.count > 4 * items.count {
      heap = heap.filter { items[$0.id] != nil }.sorted { ($0.instant, $0.id) < ($1.instant, $1.id) }
    }
    return item
  }

  /// When the first item is due.
  mutating func next() -> FlowInstant? {
    while let first = heap.first {
      if items[first.id] != nil { return first.instant }
      pop()
    }
    return nil
  }

  /// Takes out the first item that is due.
  mutating func takeFirst(dueAt now: FlowInstant) -> Item? {
    guard let instant = next(), instant <= now else { return nil }
    let id = heap[0].id
    pop()
    return items.removeValue(forKey: id)
  }

  private mutating func pop() {
    heap.swapAt(0, heap.count - 1)
    heap.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && precedes(child, least) {
        least = child
      }
      if least == parent { return }
      heap.swapAt(least, parent)
      parent = least
    }
  }

  private func precedes(_ a: Int, _ b: Int) -> Bool {
    (heap[a].instant, heap[a].id) < (heap[b].instant, heap[b].id)
  }
}
