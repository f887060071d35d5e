// The hand-over between a run and the world: the only queue that two threads share.
import Synchronization

/// A bounded queue with any number of senders and one reader, which is a stage.
///
/// It holds the only lock between the two sides; nothing foreign is called while it is held. The reader lends
/// room; what of it could not be filled at once is the mailbox's ``demand``, which suspending senders wait for.
@usableFromInline
package final class Mailbox<Element: Sendable>: Resource, @unchecked Sendable {
  // All guarded by `lock`, which is proof enough of exclusive access. Small ones first: there may be many mailboxes.
  @exclusivity(unchecked) @usableFromInline var isClosed = false
  /// The place of the reader is taken, or will not be: for a mailbox that looks for its reader.
  @exclusivity(unchecked) var isReserved = false
  /// The reader was told that there is nothing, and must be woken: once, however much comes before it looks.
  @exclusivity(unchecked) @usableFromInline var isAwaited = false
  @usableFromInline let lock = Lock()
  @usableFromInline let capacity: Int
  @exclusivity(unchecked) @usableFromInline var queue = Ring<Element>()
  @exclusivity(unchecked) @usableFromInline var ending: Poll?
  @exclusivity(unchecked) @usableFromInline var reader: FlowContext?
  /// The room that the reader lent and that nothing was sent for yet.
  @exclusivity(unchecked) @usableFromInline var demand = 0
  /// Senders that wait, or want to be called; `nil` while there are none.
  @exclusivity(unchecked) @usableFromInline var senders: Senders?

  /// - Parameter capacity: the most elements that wait, at least 1.
  @usableFromInline
  package init(capacity: Int, asking: Asking? = nil, onRequest: (@Sendable () -> Void)? = nil) {
    precondition(capacity > 0, "a buffer needs room for at least one element")
    self.capacity = capacity
    super.init()
    if asking != nil || onRequest != nil {
      let senders = Senders()
      senders.asking = asking
      senders.onRequest = onRequest
      self.senders = senders
    }
  }

  /// Makes the stage that reads. A mailbox has one reader.
  @inlinable
  package func read(in context: FlowContext) -> Flow<Element>.Stage {
    lock(self) {
      precondition(reader == nil, "a mailbox has one reader")
      reader = context
    }
    context.scope.own(self)
    return { room in self.receive(into: &room) }
  }

  // MARK: Sending

  @usableFromInline
  enum Sent {
    case enqueued(remaining: Int)
    case dropped(Element)
    case terminated
  }

  /// Puts `element` at the end of the queue, or does what `policy` says when that is full.
  @inlinable
  func send(_ element: Element, whenFull policy: OverflowPolicy = .dropNewest) -> Sent {
    var woken: Scope?
    let sent: Sent = lock(self) {
      if isClosed || ending != nil { return .terminated }
      woken = takeAwaiting()
      if queue.count < capacity {
        queue.append(element)
        if demand > 0 { demand &-= 1 }
        return .enqueued(remaining: capacity &- queue.count)
      }
      switch policy {
      case .dropNewest:
        return .dropped(element)
      case .dropOldest:
        let oldest = queue.popFirst()!
        queue.append(element)
        return .dropped(oldest)
      case .fail:
        ending = .failed(FlowBufferOverflow(capacity: capacity))
        return .dropped(element)
      }
    }
    woken?.wake()
    return sent
  }

  /// Moves as much of `batch` as fits into the queue, in one turn of the lock. The answer is how much more may
  /// be sent, as of ``space()``.
  @discardableResult
  package func send(draining batch: inout Chunk<Element>) -> Int {
    lock.acquire(for: self)
    let before = queue.count
    if !isClosed && ending == nil { queue.append(draining: &batch, atMost: capacity - before) }
    demand = Swift.max(0, demand - (queue.count - before))
    let woken = queue.isEmpty ? nil : takeAwaiting()
    let left = tell()
    lock.release(for: self)
    woken?.wake()
    return left
  }

  /// Ends the stream after what is queued. The first ending counts. False when there was one before.
  @discardableResult
  @usableFromInline
  package func finish(_ how: Poll = .finished) -> Bool {
    var woken: Scope?
    var overtaken: (by: FlowContext?, elements: [Element]) = (nil, [])
    let isFirst = lock(self) {
      if isClosed || ending != nil { return false }
      ending = how
      if case .failed = how, senders?.asking?.errors == .immediate { overtaken = (reader, queue.takeAll()) }
      woken = takeAwaiting()
      return true
    }
    for element in overtaken.elements { overtaken.by?.discard(element) }
    woken?.wake()
    return isFirst
  }

  /// Sends the only element there is. False when the reader is gone, or the stream was ended before.
  func finish(with element: Element) -> Bool {
    var woken: Scope?
    let isFirst = lock(self) {
      if isClosed || ending != nil { return false }
      queue.append(element)
      ending = .finished
      woken = takeAwaiting()
      return true
    }
    woken?.wake()
    return isFirst
  }

  /// Whom to wake, under no lock; `nil` when the reader comes by itself. Called with the lock held.
  @inlinable
  func takeAwaiting() -> Scope? {
    guard isAwaited else { return nil }
    isAwaited = false
    return reader?.scope
  }

  /// What the reader has asked for and was not sent; 0 when it is gone.
  var outstandingDemand: Int { lock(self) { isClosed || ending != nil ? 0 : demand } }

  /// Hands an element that the policy gave up to `onDiscard`.
  @usableFromInline
  func discard(_ element: Element) { lock(self) { reader }?.discard(element, .policy) }

  /// Sets what is called when the reader asks for something.
  func setOnRequest(_ action: @escaping @Sendable () -> Void) {
    lock(self) { if !isClosed { sendersToBe().onRequest = action } }
  }

  /// Called with the lock held.
  func sendersToBe() -> Senders {
    let senders = senders ?? Senders()
    self.senders = senders
    return senders
  }

  /// Runs `action` once when the reader's run ends; at once when it has ended.
  func onEnd(_ action: @escaping @Sendable () -> Void) {
    if let reader = lock(self, { reader }) { reader.onEnd(action) } else { action() }
  }

  // MARK: Reading

  @inlinable
  func receive(into room: inout Chunk<Element>) -> Poll {
    lock.acquire(for: self)
    let before = queue.count
    let isAsked = !room.isFull
    queue.drain(into: &room)
    let madeRoom = queue.count < before
    var poll = Poll.more
    // What waits comes first: while something does, there is no room that is not spoken for.
    demand = 0
    if queue.isEmpty {
      if let ending {
        poll = ending
      } else {
        // Only room that is left over is asked for, and may be waited for. An end comes without being asked for.
        if !room.isFull { poll = .pending }
        demand = room.room
        isAwaited = true
      }
    }
    guard let senders else {
      lock.release(for: self)
      return poll
    }
    let resumed = demand > 0 ? senders.takeWaiting() : []
    var request: (@Sendable () -> Void)?
    if !poll.isTerminal, senders.asking == nil ? madeRoom || !room.isFull : mustAsk(isAsked) {
      request = senders.onRequest
    }
    lock.release(for: self)
    for sender in resumed { sender.resume() }
    request?()
    return poll
  }

  /// The reader is gone: senders are told, what waits is discarded.
  override func release() {
    lock.acquire(for: self)
    isClosed = true
    // A sender that is kept keeps no run.
    let context = reader.take()
    let senders = senders.take()
    let resumed = senders?.takeWaiting() ?? []
    let left = queue.takeAll()
    lock.release(for: self)
    for sender in resumed { sender.resume() }
    if let context { for element in left { context.discard(element) } }
    withExtendedLifetime(senders) {}
  }
}

/// What a mailbox knows of senders that wait, or want to be called. Guarded by its lock.
@usableFromInline
final class Senders {
  @exclusivity(unchecked) @usableFromInline var waiting: [Continuation] = []
  /// What a sender that waits to be asked was told; `nil` when senders come as they like.
  @exclusivity(unchecked) @usableFromInline var asking: Asking?
  /// Called, under no lock, when the reader asked for something or made room; with `asking`, when the sender may send
  /// more than it was told.
  @exclusivity(unchecked) @usableFromInline var onRequest: (@Sendable () -> Void)?

  @usableFromInline
  func takeWaiting() -> [Continuation] {
    if waiting.isEmpty { return [] }
    defer { waiting = [] }
    return waiting
  }
}

/// What a bounded buffer does with an element when it is full.
public enum OverflowPolicy: Sendable, Equatable {
  /// Gives up the element that arrives.
  case dropNewest
  /// Gives up the element that waited longest.
  case dropOldest
  /// Fails the flow with ``FlowBufferOverflow``, after the elements that wait.
  case fail
}

/// A buffer overflowed whose policy was to fail.
public struct FlowBufferOverflow: Error, Equatable, CustomStringConvertible {
  /// The most elements that could wait.
  public let capacity: Int
  public init(capacity: Int) { self.capacity = capacity }
  public var description: String {
    "a buffer of \(capacity) elements overflowed: its consumer is slower than its producer"
  }
}
