// Room that a consumer lends to its producer: free space is demand.

/// A bounded output buffer, lent by a consumer for the length of one poll.
///
/// Its free space *is* the demand: a producer cannot deliver more than was asked, because there is nowhere
/// to put it. A chunk never outlives the poll that it was lent for, and never allocates: it stands on the
/// stack of whoever lends it.
@frozen
public struct Chunk<Element>: ~Copyable {
  @usableFromInline let base: UnsafeMutablePointer<Element>
  /// Where the live elements begin; moves up as ``next()`` takes them out.
  @usableFromInline var head: Int
  /// Where the live elements end, and the free space begins.
  @usableFromInline var tail: Int
  /// Where the lent space ends.
  @usableFromInline var limit: Int
  /// How many elements are asked for that the lent space has no place for, as far as that is known.
  @usableFromInline var beyond: Int

  @inlinable
  init(base: UnsafeMutablePointer<Element>, limit: Int, beyond: Int) {
    self.base = base
    self.head = 0
    self.tail = 0
    self.limit = limit
    self.beyond = beyond
  }

  /// The number of elements that can still be delivered: the demand.
  @inlinable public var room: Int { limit &- tail }

  /// The number of elements that are asked for: ``room``, and, as far as that is known, those that one poll cannot
  /// carry. For stages that take elements long before they deliver them.
  @inlinable var asked: Int { room &+ beyond }

  /// Nothing more can be delivered in this poll.
  @inlinable public var isFull: Bool { tail >= limit }

  /// The number of elements in the chunk.
  @inlinable public var count: Int { tail &- head }

  @inlinable public var isEmpty: Bool { tail == head }

  /// Delivers one element. Traps when there is no room: the consumer did not ask for it.
  @inlinable @inline(__always)
  public mutating func append(_ element: consuming Element) {
    precondition(tail < limit, "a stage delivered an element that was not asked for: check `room` first")
    (base + tail).initialize(to: element)
    tail &+= 1
  }

  /// Takes the oldest element out.
  @inlinable @inline(__always)
  public mutating func next() -> Element? {
    guard head < tail else { return nil }
    let element = (base + head).move()
    head &+= 1
    return element
  }
}

// The loops. They stand here, over bare pointers, because that is what the optimiser vectorises; they are
// inlined into the closure that calls them, which must capture nothing but the user's function (see
// `lift` and `edit`).
extension Chunk {
  /// Moves every element of `input` through `transform` into the free space. When `transform` throws, the
  /// element that it refused and all after it stay in `input`.
  @inlinable @inline(__always)
  public mutating func append<Input>(
    draining input: inout Chunk<Input>, _ transform: (Input) throws -> Element
  ) rethrows {
    let count = input.count
    precondition(count <= room, "a stage delivered more elements than were asked for")
    let source = input.base + input.head
    let target = base + tail
    var done = 0
    defer {
      input.head &+= done
      tail &+= done
    }
    while done < count {
      (target + done).initialize(to: try transform(source[done]))
      if !_isPOD(Input.self) { (source + done).deinitialize(count: 1) }
      done &+= 1
    }
  }

  /// Moves what `transform` makes of the elements of `input`, where it makes something, into the free space.
  /// When it throws, the element that it refused and all after it stay in `input`.
  @inlinable @inline(__always)
  public mutating func append<Input>(
    compacting input: inout Chunk<Input>, _ transform: (Input) throws -> Element?
  ) rethrows {
    let count = input.count
    precondition(count <= room, "a stage delivered more elements than were asked for")
    let source = input.base + input.head
    let target = base + tail
    var done = 0
    var made = 0
    defer {
      input.head &+= done
      tail &+= made
    }
    while done < count {
      if let element = try transform(source[done]) {
        (target + made).initialize(to: element)
        made &+= 1
      }
      if !_isPOD(Input.self) { (source + done).deinitialize(count: 1) }
      done &+= 1
    }
  }

  /// Folds the elements of `input` into `state` one by one, and puts what it is after each into the free space.
  /// When `update` throws, the element that it refused and all after it stay in `input`.
  @inlinable @inline(__always)
  public mutating func append<Input>(
    folding input: inout Chunk<Input>, into state: inout Element,
    _ update: (inout Element, Input) throws -> Void
  ) rethrows {
    let count = input.count
    precondition(count <= room, "a stage delivered more elements than were asked for")
    let source = input.base + input.head
    let target = base + tail
    var done = 0
    defer {
      input.head &+= done
      tail &+= done
    }
    if _isPOD(Element.self) {
      // A local, so that it stays in a register.
      var local = state
      defer { state = local }
      while done < count {
        try update(&local, source[done])
        (target + done).initialize(to: local)
        if !_isPOD(Input.self) { (source + done).deinitialize(count: 1) }
        done &+= 1
      }
    } else {
      // In its place, so that what it owns is not copied for having two owners.
      while done < count {
        try update(&state, source[done])
        (target + done).initialize(to: state)
        if !_isPOD(Input.self) { (source + done).deinitialize(count: 1) }
        done &+= 1
      }
    }
  }

  /// Keeps, of the elements delivered since there were `start` of them, those that satisfy `isIncluded`.
  /// When it throws, the elements before are kept, the rest of the chunk is handed to `discard`.
  @inlinable @inline(__always)
  public mutating func keep(
    from start: Int, where isIncluded: (Element) throws -> Bool, discard: (Element) -> Void = { _ in }
  ) rethrows {
    let first = head &+ start
    let end = tail
    var read = first
    var write = first
    do {
      if _isPOD(Element.self) {
        // No branch on the answer: an unpredictable filter costs the same as a predictable one.
        while read < end {
          let kept = try isIncluded(base[read])
          base[write] = base[read]
          write &+= kept ? 1 : 0
          read &+= 1
        }
      } else {
        while read < end {
          if try isIncluded(base[read]) {
            if write != read { (base + write).moveInitialize(from: base + read, count: 1) }
            write &+= 1
          } else {
            (base + read).deinitialize(count: 1)
          }
          read &+= 1
        }
      }
    } catch {
      while read < end {
        discard((base + read).move())
        read &+= 1
      }
      tail = write
      throw error
    }
    tail = write
  }

  /// Shows every element to `body`, and keeps them.
  @inlinable @inline(__always)
  func forEach(_ body: (Element) -> Void) {
    var index = head
    while index < tail {
      body(base[index])
      index &+= 1
    }
  }

  @inlinable
  mutating func removeAll() {
    (base + head).deinitialize(count: count)
    head = tail
  }

  /// Drops at most `limit` of the elements delivered since there were `start` of them, oldest first. The answer
  /// is how many that were.
  @inlinable @inline(__always)
  public mutating func drop(from start: Int, atMost limit: Int) -> Int {
    let first = base + (head &+ start)
    let new = count &- start
    let dropped = Swift.min(new, limit)
    first.deinitialize(count: dropped)
    if dropped < new { first.moveInitialize(from: first + dropped, count: new &- dropped) }
    tail &-= dropped
    return dropped
  }

  /// Lends at most `limit` elements of the free space to `body`, so that a stage can ask its upstream for
  /// less than it was asked for itself.
  @inlinable @inline(__always)
  public mutating func lend<R>(atMost limit: Int, _ body: (inout Chunk) throws -> R) rethrows -> R {
    let (whole, outside) = (self.limit, beyond)
    // Compared before it is added: a demand without limit must not overflow.
    if limit < room {
      self.limit = tail &+ Swift.max(0, limit)
      beyond = 0
    } else {
      beyond = Swift.min(beyond, limit &- room)
    }
    defer {
      self.limit = whole
      beyond = outside
    }
    return try body(&self)
  }
}

// Scratch room.
extension Chunk {
  /// The most elements one poll can carry: as many as fit 1 KiB, so that scratch room always stands on the
  /// stack, at least 1 and at most 128.
  @inlinable
  public static var capacity: Int {
    Swift.max(1, Swift.min(128, 1024 / Swift.max(1, MemoryLayout<Element>.stride)))
  }

  /// Runs `body` with empty room for at most `limit` elements, bounded by ``capacity``; none when `limit` is
  /// negative. What `body` leaves in the chunk is destroyed.
  @inlinable @inline(__always)
  public static func scratch<R>(_ limit: Int, _ body: (inout Chunk) throws -> R) rethrows -> R {
    try scratch(limit, asked: limit, body)
  }

  /// The same, for a stage that was asked for more than it has room for: its upstream is told.
  @inlinable @inline(__always)
  static func scratch<R>(_ limit: Int, asked: Int, _ body: (inout Chunk) throws -> R) rethrows -> R {
    try withUnsafeTemporaryAllocation(of: Element.self, capacity: capacity) { memory in
      let lent = Swift.max(0, Swift.min(limit, memory.count))
      var chunk = Chunk(base: memory.baseAddress!, limit: lent, beyond: Swift.max(0, asked &- lent))
      defer { (chunk.base + chunk.head).deinitialize(count: chunk.count) }
      return try body(&chunk)
    }
  }
}
