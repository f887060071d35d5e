// A queue in a circle.

/// A first-in, first-out queue that grows to what it holds at most and keeps that.
@usableFromInline
package struct Ring<Element>: ~Copyable {
  @usableFromInline var base: UnsafeMutablePointer<Element>?
  @usableFromInline var space = 0
  @usableFromInline var head = 0
  @usableFromInline var count = 0

  @inlinable package init() {}

  @inlinable
  deinit {
    guard let base else { return }
    let first = Swift.min(count, space &- head)
    (base + head).deinitialize(count: first)
    base.deinitialize(count: count &- first)
    base.deallocate()
  }

  @inlinable package var isEmpty: Bool { count == 0 }

  @inlinable
  package mutating func append(_ element: consuming Element) {
    if count == space { grow(to: count + 1) }
    (base! + wrap(head &+ count)).initialize(to: element)
    count &+= 1
  }

  /// Puts `element` before all others.
  @inlinable
  mutating func prepend(_ element: consuming Element) {
    if count == space { grow(to: count + 1) }
    head = head == 0 ? space &- 1 : head &- 1
    (base! + head).initialize(to: element)
    count &+= 1
  }

  @inlinable
  package mutating func popFirst() -> Element? {
    guard count > 0 else { return nil }
    let element = (base! + head).move()
    head = wrap(head &+ 1)
    count &-= 1
    return element
  }

  /// The oldest element, left where it is.
  @inlinable
  var first: Element? { count > 0 ? base![head] : nil }

  /// The youngest element, left where it is.
  @inlinable
  var newest: Element? { count > 0 ? base![wrap(head &+ count &- 1)] : nil }

  /// Appends copies of all elements to `other`.
  @inlinable
  func copy(into other: inout Ring) {
    var index = 0
    while index < count {
      other.append(base![wrap(head &+ index)])
      index &+= 1
    }
  }

  @inlinable
  mutating func dropFirst() { _ = popFirst() }

  @inlinable
  mutating func popLast() -> Element? {
    guard count > 0 else { return nil }
    count &-= 1
    return (base! + wrap(head &+ count)).move()
  }

  /// Moves as many elements as there is room for into `room`.
  @inlinable
  mutating func drain(into room: inout Chunk<Element>) {
    var left = Swift.min(count, room.room)
    while left > 0 {
      let run = Swift.min(left, space &- head)
      (room.base + room.tail).moveInitialize(from: base! + head, count: run)
      room.tail &+= run
      head = wrap(head &+ run)
      count &-= run
      left &-= run
    }
  }

  /// Moves at most `limit` elements of `input` to the end of the queue, oldest first.
  @inlinable
  mutating func append(draining input: inout Chunk<Element>, atMost limit: Int = .max) {
    var left = Swift.min(input.count, Swift.max(0, limit))
    if count &+ left > space { grow(to: count &+ left) }
    while left > 0 {
      let tail = wrap(head &+ count)
      let run = Swift.min(left, space &- tail)
      (base! + tail).moveInitialize(from: input.base + input.head, count: run)
      input.head &+= run
      count &+= run
      left &-= run
    }
  }

  /// Takes everything out, oldest first.
  @inlinable
  mutating func takeAll() -> [Element] {
    var all: [Element] = []
    all.reserveCapacity(count)
    while let element = popFirst() { all.append(element) }
    return all
  }

  @inlinable
  func wrap(_ index: Int) -> Int { index >= space ? index &- space : index }

  @inlinable
  mutating func grow(to needed: Int) {
    var wider = Swift.max(4, space)
    while wider < needed { wider &*= 2 }
    let new = UnsafeMutablePointer<Element>.allocate(capacity: wider)
    if let base {
      let first = Swift.min(count, space &- head)
      new.moveInitialize(from: base + head, count: first)
      (new + first).moveInitialize(from: base, count: count &- first)
      base.deallocate()
    }
    base = new
    head = 0
    space = wider
  }
}
