// The subscriber's side of a hub.

/// What is done after a turn of the lock: whom to wake, what was given up.
@usableFromInline
struct Round<Element: Sendable> {
  @usableFromInline var first: Scope?
  @usableFromInline var others: [Scope] = []
  @usableFromInline var count = 0
  @usableFromInline var lost: [(FlowContext, Element)] = []
  @usableFromInline var forgotten: Element?
  @usableFromInline var forgottenToo: [Element] = []

  @inlinable init() {}

  @inlinable
  mutating func wake(_ scope: Scope) {
    if first == nil { first = scope } else { others.append(scope) }
  }

  /// Keeps `element` until the lock is free.
  @inlinable
  mutating func forget(_ element: Element) {
    if forgotten == nil { forgotten = element } else { forgottenToo.append(element) }
  }

  @inlinable
  func conclude() {
    for (context, element) in lost { context.discard(element, .policy) }
    first?.wake()
    for scope in others { scope.wake() }
  }
}

/// The queue of one subscriber of a hub. Guarded by the hub's lock.
@usableFromInline
final class Outlet<Element: Sendable>: Resource, @unchecked Sendable {
  @usableFromInline let hub: Hub<Element>
  /// `nil` when the subscriber is gone.
  @usableFromInline var context: FlowContext?
  @usableFromInline var queue = Ring<Element>()
  /// The subscriber was told that there is nothing, and must be woken.
  @usableFromInline var isAwaited = false
  /// It was too slow.
  @usableFromInline var hasOverflowed = false
  /// Room that was lent when the queue was empty.
  @usableFromInline var lent = 0
  /// It got all that it had asked for, and will say whether it asks for more.
  @usableFromInline var isComing = false
  /// The thread that polled it last, when its hub asks for more than all can take.
  private(set) var thread: UInt = 0
  // What `judge` has found.
  private var isFull = false
  private var isAsking = false

  init(_ hub: Hub<Element>, _ context: FlowContext) {
    self.hub = hub
    self.context = context
    super.init()
  }

  // Called with the lock held.

  @usableFromInline
  var isClosed: Bool { context == nil }

  /// It takes elements.
  @inlinable
  var isLive: Bool { context != nil && !hasOverflowed }

  /// How many more elements it can take.
  @inlinable
  var credit: Int { hub.rule.capacity &+ (hub.rule.sparesAsked ? lent : 0) &- queue.count }

  @inlinable
  func take(_ element: Element, _ round: inout Round<Element>) {
    guard let context, !hasOverflowed else { return }
    round.count &+= 1
    // A producer that asks has been told what the slowest can take: what it sends beyond that, it was told before
    // that one came.
    if credit > 0 || hub.rule.policy == nil {
      queue.append(element)
    } else {
      switch hub.rule.policy {
      case .dropOldest:
        if let oldest = queue.popFirst() { round.lost.append((context, oldest)) }
        queue.append(element)
      case .fail:
        hasOverflowed = true
        round.lost.append((context, element))
      case .dropNewest, nil:
        round.lost.append((context, element))
      }
    }
    tell(&round)
  }

  @inlinable
  func tell(_ round: inout Round<Element>) {
    if isAwaited, let context {
      isAwaited = false
      round.wake(context.scope)
    }
  }

  /// Keeps the hub's counts, for producers that ask.
  @usableFromInline
  func judge() {
    if hub.told < 0 { return }
    let isFull = isLive && credit <= 0
    let isAsking = isLive && lent > queue.count
    if isFull != self.isFull { hub.full += isFull ? 1 : -1 }
    if isAsking != self.isAsking { hub.asking += isAsking ? 1 : -1 }
    self.isFull = isFull
    self.isAsking = isAsking
  }

  // The subscriber.

  @inlinable
  func receive(into room: inout Chunk<Element>) -> Poll {
    hub.lock.acquire(for: hub)
    let isAsked = !room.isFull
    queue.drain(into: &room)
    var poll = Poll.more
    lent = 0
    if queue.isEmpty {
      if hasOverflowed {
        poll = .failed(FlowBufferOverflow(capacity: hub.rule.capacity))
      } else if let ending = hub.ending {
        poll = ending
      } else {
        if !room.isFull { poll = .pending }
        lent = room.room
        isAwaited = true
      }
    }
    var calls = false
    if hub.told >= 0, !poll.isTerminal {
      isComing = hub.rule.policy != nil && isAsked && room.isFull
      if hub.rule.policy != nil { noteThread() }
      judge()
      calls = !isComing && hub.mustAsk(lent)
    }
    let (context, isComing) = (context, isComing)
    hub.lock.release(for: hub)
    if let context {
      if isComing { context.scope.wake() }
      if calls { hub.call(context) }
    }
    return poll
  }

  @usableFromInline
  func noteThread() { thread = Platform.threadID }

  /// The subscriber is gone.
  override func release() {
    let (context, left) = hub.lock(hub) {
      let context = self.context.take()
      judge()
      return (context, queue.takeAll())
    }
    guard let context else { return }
    for element in left { context.discard(element) }
    hub.leave(context)
  }
}
