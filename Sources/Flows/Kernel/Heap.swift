// The least first.

/// A binary heap. Of items that are equal any may come first.
package struct Heap<Item: Comparable> {
  private var items: [Item] = []

  package init() {}

  package var count: Int { items.count }
  package var isEmpty: Bool { items.isEmpty }
  package var first: Item? { items.first }

  package mutating func insert(_ item: Item) {
    items.append(item)
    var child = items.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard items[child] < items[parent] else { break }
      items.swapAt(child, parent)
      child = parent
    }
  }

  package mutating func removeFirst() {
    items.swapAt(0, items.count - 1)
    items.removeLast()
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < items.count && items[child] < items[least] {
        least = child
      }
      if least == parent { return }
      items.swapAt(least, parent)
      parent = least
    }
  }

  package mutating func removeAll(keepingCapacity isKept: Bool) { items.removeAll(keepingCapacity: isKept) }

  /// Keeps the items that satisfy `isKept`.
  package mutating func filter(_ isKept: (Item) -> Bool) {
    // A sorted array is a heap.
    items = items.filter(isKept).sorted()
  }
}
