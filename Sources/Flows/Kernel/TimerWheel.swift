// Where timers wait: far ones in slots, near ones in a heap. No clock, no lock: time comes in.

/// A hierarchical timing wheel. Filing and forgetting a timer cost the same however many there are; a forgotten
/// timer leaves nothing behind.
///
/// Six wheels of 64 slots, each slot of a wheel as long as the whole wheel below it; the finest tick is 2^20 ns
/// (about a millisecond). A timer is filed under the highest digit in which its tick differs from the present
/// and moves to a finer wheel when that digit comes up. In its own tick it moves to a small heap in exact order,
/// so that the tick bounds the work and not the precision.
///
/// The present moves over no slot without emptying it. So what waits in a wheel has all higher digits in common
/// with the present and lies ahead of it in its own: **whatever waits in a finer wheel comes before whatever waits
/// in a coarser one.** Only the coarsest wheel turns over, and nothing is coarser.
struct TimerWheel {
  typealias Action = @Sendable () -> Void

  private struct Entry {
    var deadline: Int64
    /// The arrival: breaks ties, and tells apart the timers that used this place one after another.
    var order: UInt64
    var action: Action?
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
  /// So many places are kept for the next timers when no timer waits.
  private static let keptPlaces = 1024

  private var entries: [Entry] = []
  private var firstFree = none
  private var slots = [Int32](repeating: none, count: levels << digitBits)
  private var occupied = [UInt64](repeating: 0, count: levels)
  private var tick: Int64
  /// The timers of the present tick, and late comers, by deadline, then by arrival; forgotten ones until they
  /// come up.
  private var heap = Heap<Near>()
  private var arrivals: UInt64 = 0

  private(set) var count = 0

  init(now: Int64) { tick = now >> Int64(Self.tickBits) }

  /// Files a timer. The answer names it for ``cancel(_:)``.
  mutating func insert(deadline: Int64, _ action: @escaping Action) -> FlowTimer {
    arrivals += 1
    let place = takePlace(deadline, action)
    file(place)
    count += 1
    return FlowTimer(id: arrivals << 32 | UInt64(place))
  }

  /// Forgets a timer; the answer is its action, to be destroyed by the caller under no lock.
  mutating func cancel(_ timer: FlowTimer) -> Action? {
    let place = Int32(truncatingIfNeeded: timer.id)
    guard place >= 0, place < entries.count, entries[Int(place)].slot != Self.free,
      UInt32(truncatingIfNeeded: entries[Int(place)].order) == UInt32(truncatingIfNeeded: timer.id >> 32)
    else { return nil }
    if entries[Int(place)].slot != Self.inHeap { unlink(place) }
    return freePlace(place)
  }

  /// Moves time on, which never runs backwards, and takes out the first timer that is due: by deadline, then by
  /// arrival.
  mutating func takeDue(at now: Int64) -> Action? {
    let target = now >> Int64(Self.tickBits)
    while let slot = nextSlot(), slot.tick <= target {
      tick = slot.tick
      empty(slot.index)
    }
    tick = max(tick, target)
    guard let first = firstInHeap(), first.deadline <= now else { return nil }
    heap.removeFirst()
    return freePlace(first.place)
  }

  /// When ``takeDue(at:)`` must be called next at the latest; `nil` when no timer waits.
  mutating func nextEvent() -> Int64? {
    // What waits in a slot is due in a later tick than what waits in the heap.
    firstInHeap()?.deadline ?? nextSlot().map { $0.tick << Int64(Self.tickBits) }
  }
}

// Filing.
extension TimerWheel {
  private mutating func file(_ place: Int32) {
    let due = min(entries[Int(place)].deadline >> Int64(Self.tickBits), tick + Self.span - 1)
    guard due > tick else {
      entries[Int(place)].slot = Self.inHeap
      pushHeap(place)
      return
    }
    let highestDigit = (63 - (due ^ tick).leadingZeroBitCount) / Self.digitBits
    let level = min(highestDigit, Self.levels - 1)
    let digit = Int(due >> Int64(level * Self.digitBits)) & 63
    link(place, level << Self.digitBits | digit)
  }

  /// The next slot that comes up, and the tick in which it does.
  private func nextSlot() -> (index: Int, tick: Int64)? {
    for level in 0..<Self.levels where occupied[level] != 0 {
      let shift = Int64(level * Self.digitBits)
      let present = Int(tick >> shift) & 63
      // In the coarsest wheel a slot at or before the present digit belongs to the next turn.
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
    while place != Self.none {
      let next = entries[Int(place)].next
      file(place)
      place = next
    }
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
    let (next, previous) = (entries[Int(place)].next, entries[Int(place)].previous)
    if next != Self.none { entries[Int(next)].previous = previous }
    if previous != Self.none {
      entries[Int(previous)].next = next
    } else {
      let slot = Int(entries[Int(place)].slot)
      slots[slot] = next
      if next == Self.none { occupied[slot >> Self.digitBits] &= ~(1 << UInt64(slot & 63)) }
    }
  }
}

// Places.
extension TimerWheel {
  private mutating func takePlace(_ deadline: Int64, _ action: @escaping Action) -> Int32 {
    let place = firstFree
    guard place != Self.none else {
      // By a quarter, where an array would double: there may be a million, and most never fire.
      if entries.count == entries.capacity {
        entries.reserveCapacity(max(16, entries.count + entries.count / 4))
      }
      entries.append(
        Entry(deadline: deadline, order: arrivals, action: action, slot: Self.free, next: 0, previous: 0))
      return Int32(entries.count - 1)
    }
    firstFree = entries[Int(place)].next
    entries[Int(place)].deadline = deadline
    entries[Int(place)].order = arrivals
    entries[Int(place)].action = action
    return place
  }

  private mutating func freePlace(_ place: Int32) -> Action? {
    let action = entries[Int(place)].action.take()
    entries[Int(place)].slot = Self.free
    entries[Int(place)].next = firstFree
    firstFree = place
    count -= 1
    if count == 0 { tidyUp() }
    return action
  }

  /// Nothing waits: gives back the memory of a crowd that has gone, and forgets the forgotten.
  private mutating func tidyUp() {
    if !heap.isEmpty { heap.removeAll(keepingCapacity: heap.count <= Self.keptPlaces) }
    if entries.count > Self.keptPlaces {
      entries = []
      firstFree = Self.none
    }
  }
}

// The heap of the present tick.
extension TimerWheel {
  /// The first timer of the heap that was not forgotten.
  private mutating func firstInHeap() -> Near? {
    while let first = heap.first {
      let place = Int(first.place)
      if entries[place].order == first.order, entries[place].slot == Self.inHeap { return first }
      heap.removeFirst()
    }
    return nil
  }

  private mutating func pushHeap(_ place: Int32) {
    let entry = entries[Int(place)]
    heap.insert(Near(deadline: entry.deadline, order: entry.order, place: place))
  }

  /// A timer in the heap: it comes by its deadline, then by its arrival.
  fileprivate struct Near: Comparable {
    let deadline: Int64
    let order: UInt64
    let place: Int32

    static func < (a: Near, b: Near) -> Bool { (a.deadline, a.order) < (b.deadline, b.order) }
  }
}

extension UInt64 {
  fileprivate func rotatedRight(by count: Int) -> UInt64 {
    let shift = UInt64(count & 63)
    return shift == 0 ? self : self >> shift | self << (64 - shift)
  }
}
