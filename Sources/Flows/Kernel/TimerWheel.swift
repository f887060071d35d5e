// Where timers wait: far ones in slots, near ones in a heap. No clock, no lock: time comes in.

/// A hierarchical timing wheel. Filing and forgetting a timer cost the same however many there are; a forgotten
/// timer leaves nothing behind.
///
/// Six wheels of 64 slots, each slot of a wheel as long as the whole wheel below it; the finest tick is 2^20 ns
/// (about a millisecond). A timer is filed under the highest digit in which its tick differs from the present
/// and moves to a finer wheel when that digit comes up. In its own tick it moves to a small heap in exact order,
/// so that the tick bounds the work and not the precision.
struct TimerWheel {
  typealias Action = @Sendable () -> Void

  private struct Entry {
    var deadline: Int64
    var action: Action?
    /// Tells apart the timers that used this place one after another.
    var generation: UInt32
    /// The slot that the entry is linked in, or one of the two places below.
    var slot: Int16
    var next: Int32
    var previous: Int32
  }

  private static let inHeap: Int16 = -1
  private static let free: Int16 = -2
  private static let none: Int32 = -1
  private static let tickBits = 20
  private static let digitBits = 6
  private static let levels = 6
  /// 2^36 ticks, two years: what is further away is filed at the far end, and filed again from there.
  private static let span: Int64 = 1 << Int64(digitBits * levels)

  private var entries: [Entry] = []
  private var firstFree = none
  private var slots = [Int32](repeating: none, count: levels << digitBits)
  private var occupied = [UInt64](repeating: 0, count: levels)
  private var tick: Int64
  /// The timers of the present tick, and late comers, ordered by deadline, then by arrival.
  private var heap: [(deadline: Int64, order: UInt64, place: Int32, generation: UInt32)] = []
  private var arrivals: UInt64 = 0

  private(set) var count = 0

  init(now: Int64) { tick = now >> Int64(Self.tickBits) }

  /// Files a timer. The answer names it for ``cancel(_:)``.
  mutating func insert(deadline: Int64, _ action: @escaping Action) -> FlowTimer {
    let place = takePlace(deadline, action)
    file(place)
    count += 1
    return FlowTimer(id: UInt64(entries[Int(place)].generation) << 32 | UInt64(UInt32(bitPattern: place)))
  }

  /// Forgets a timer; the answer is its action, to be destroyed by the caller under no lock.
  mutating func cancel(_ timer: FlowTimer) -> Action? {
    let place = Int32(truncatingIfNeeded: timer.id)
    let generation = UInt32(truncatingIfNeeded: timer.id >> 32)
    guard place >= 0, place < entries.count, entries[Int(place)].generation == generation,
      entries[Int(place)].slot != Self.free
    else { return nil }
    let action = entries[Int(place)].action
    if entries[Int(place)].slot != Self.inHeap { unlink(place) }
    freePlace(place)
    count -= 1
    return action
  }

  /// Moves time on and takes out what is due, in order of deadline.
  mutating func advance(to now: Int64, _ fire: (@escaping Action) -> Void) {
    let target = now >> Int64(Self.tickBits)
    while let slot = nextSlot(), slot.tick <= target {
      tick = max(tick, slot.tick)
      empty(slot.index)
    }
    tick = max(tick, target)
    while let first = heap.first, first.deadline <= now {
      popHeap()
      guard isLive(first) else { continue }
      let action = entries[Int(first.place)].action!
      freePlace(first.place)
      count -= 1
      fire(action)
    }
  }

  /// When ``advance(to:_:)`` must be called next at the latest; `nil` when no timer waits.
  mutating func nextEvent() -> Int64? {
    while let first = heap.first, !isLive(first) { popHeap() }
    let near = heap.first?.deadline
    guard let slot = nextSlot() else { return near }
    return min(near ?? .max, slot.tick << Int64(Self.tickBits))
  }
}

// Filing.
extension TimerWheel {
  private mutating func file(_ place: Int32) {
    let deadline = entries[Int(place)].deadline
    let due = min(deadline >> Int64(Self.tickBits), tick + Self.span - 1)
    guard due > tick else {
      entries[Int(place)].slot = Self.inHeap
      pushHeap(deadline, place)
      return
    }
    let highestDigit = (63 - (due ^ tick).leadingZeroBitCount) / Self.digitBits
    let level = min(highestDigit, Self.levels - 1)
    let digit = Int(due >> Int64(level * Self.digitBits)) & 63
    link(place, level << Self.digitBits | digit)
  }

  /// The next slot that comes up, finest wheel first.
  private func nextSlot() -> (index: Int, tick: Int64)? {
    for level in 0..<Self.levels where occupied[level] != 0 {
      let shift = Int64(level * Self.digitBits)
      let present = Int(tick >> shift) & 63
      // A slot at or before the present digit belongs to the next turn of its wheel.
      let turned = occupied[level].rotatedRight(by: present + 1)
      let distance = Int64(turned.trailingZeroBitCount + 1)
      let digit = (present + Int(distance)) & 63
      return (level << Self.digitBits | digit, ((tick >> shift) + distance) << shift)
    }
    return nil
  }

  private mutating func empty(_ slot: Int) {
    var place = slots[slot]
    slots[slot] = Self.none
    occupied[slot >> Self.digitBits] &= ~(1 << UInt64(slot & 63))
    // The list is newest first; file again in order of arrival.
    var oldestFirst: [Int32] = []
    while place != Self.none {
      oldestFirst.append(place)
      place = entries[Int(place)].next
    }
    for place in oldestFirst.reversed() { file(place) }
  }

  private mutating func link(_ place: Int32, _ slot: Int) {
    let next = slots[slot]
    entries[Int(place)].slot = Int16(slot)
    entries[Int(place)].next = next
    entries[Int(place)].previous = Self.none
    if next != Self.none { entries[Int(next)].previous = place }
    slots[slot] = place
    occupied[slot >> Self.digitBits] |= 1 << UInt64(slot & 63)
  }

  private mutating func unlink(_ place: Int32) {
    let entry = entries[Int(place)]
    let slot = Int(entry.slot)
    if entry.next != Self.none { entries[Int(entry.next)].previous = entry.previous }
    if entry.previous != Self.none {
      entries[Int(entry.previous)].next = entry.next
    } else {
      slots[slot] = entry.next
      if entry.next == Self.none { occupied[slot >> Self.digitBits] &= ~(1 << UInt64(slot & 63)) }
    }
  }
}

// Places.
extension TimerWheel {
  private mutating func takePlace(_ deadline: Int64, _ action: @escaping Action) -> Int32 {
    if firstFree == Self.none {
      entries.append(
        Entry(deadline: deadline, action: action, generation: 0, slot: Self.free, next: 0, previous: 0))
      return Int32(entries.count - 1)
    }
    let place = firstFree
    firstFree = entries[Int(place)].next
    entries[Int(place)].deadline = deadline
    entries[Int(place)].action = action
    return place
  }

  private mutating func freePlace(_ place: Int32) {
    entries[Int(place)].action = nil
    entries[Int(place)].generation &+= 1
    entries[Int(place)].slot = Self.free
    entries[Int(place)].next = firstFree
    firstFree = place
  }
}

// The heap of the present tick.
extension TimerWheel {
  private func isLive(_ item: (deadline: Int64, order: UInt64, place: Int32, generation: UInt32)) -> Bool {
    entries[Int(item.place)].generation == item.generation
  }

  private mutating func pushHeap(_ deadline: Int64, _ place: Int32) {
    heap.append((deadline, arrivals, place, entries[Int(place)].generation))
    arrivals += 1
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard precedes(child, parent) else { break }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  private mutating func popHeap() {
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
    (heap[a].deadline, heap[a].order) < (heap[b].deadline, heap[b].order)
  }
}

extension UInt64 {
  fileprivate func rotatedRight(by count: Int) -> UInt64 {
    let shift = UInt64(count & 63)
    return shift == 0 ? self : self >> shift | self << (64 - shift)
  }
}
