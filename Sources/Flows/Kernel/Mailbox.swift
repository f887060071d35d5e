// The hand-over between a run and the world: the only queue that two threads share.
import Synchronization

/// A bounded queue with any number of senders and one reader, which is a stage.
///
/// It holds the only lock between the two sides; nothing foreign is called while it is held. The reader lends
/// room; what of it could not be filled at once is the mailbox's ``demand``, which suspending senders wait for.
@usableFromInline
final class Mailbox<Element: Sendable>: Resource, @unchecked Sendable {
  @usableFromInline let lock = Lock()
  @usableFromInline let capacity: Int
  // All guarded by `lock`.
  @usableFromInline var queue = Ring<Element>()
  @usableFromInline var ending: Poll?
  @usableFromInline var isClosed = false
  @usableFromInline var reader: FlowContext?
  /// The room that the reader lent and that nothing was sent for yet.
  @usableFromInline var demand = 0
  @usableFromInline var senders: [Continuation] = []
  /// Called, under no lock, when the reader asked for something or made room.
  @usableFromInline let onRequest: (@Sendable () -> Void)?

  /// - Parameter capacity: the most elements that wait, at least 1.
  @usableFromInline
  init(capacity: Int, onRequest: (@Sendable () -> Void)? = nil) {
    precondition(capacity > 0, "a buffer needs room for at least one element")
    self.capacity = capacity
    self.onRequest = onRequest
    super.init()
  }

  /// Makes the stage that reads. A mailbox has one reader.
  @usableFromInline
  func read(in context: FlowContext) -> Flow<Element>.Stage {
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
    var wakes = true
    let sent: Sent = lock(self) {
      if isClosed || ending != nil { return .terminated }
      if queue.count < capacity {
        queue.append(element)
        if demand > 0 { demand &-= 1 }
        return .enqueued(remaining: capacity &- queue.count)
      }
      switch policy {
      case .dropNewest:
        wakes = false
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
    if wakes { reader?.scope.wake() }
    return sent
  }

  /// Moves as much of `batch` as fits into the queue, in one turn of the lock.
  func send(draining batch: inout Chunk<Element>) {
    lock.acquire(for: self)
    if !isClosed && ending == nil { queue.append(draining: &batch) }
    lock.release(for: self)
    reader?.scope.wake()
  }

  /// Ends the stream after what is queued. The first ending counts. False when there was one before.
  @discardableResult
  @usableFromInline
  func finish(_ how: Poll = .finished) -> Bool {
    let isFirst = lock(self) {
      if isClosed || ending != nil { return false }
      ending = how
      return true
    }
    if isFirst { reader?.scope.wake() }
    return isFirst
  }

  /// The number of elements that fit without dropping any; 0 when the reader is gone.
  var freeSpace: Int { lock(self) { isClosed || ending != nil ? 0 : capacity - queue.count } }

  /// What the reader has asked for and was not sent; 0 when it is gone.
  var outstandingDemand: Int { lock(self) { isClosed || ending != nil ? 0 : demand } }

  // MARK: Reading

  @inlinable
  func receive(into room: inout Chunk<Element>) -> Poll {
    lock.acquire(for: self)
    let before = queue.count
    queue.drain(into: &room)
    let madeRoom = queue.count < before
    var poll = Poll.more
    if queue.isEmpty {
      if let ending {
        poll = ending
      } else {
        if !room.isFull { poll = .pending }
        demand = room.room
      }
    }
    var resumed: [Continuation] = []
    if demand > 0, !senders.isEmpty {
      resumed = senders
      senders = []
    }
    lock.release(for: self)
    for sender in resumed { sender.resume() }
    if let onRequest, madeRoom || !room.isFull { onRequest() }
    return poll
  }

  /// The reader is gone: senders are told, what waits is discarded.
  override func release() {
    lock.acquire(for: self)
    isClosed = true
    let context = reader
    let resumed = senders
    senders = []
    var left: [Element] = []
    while let element = queue.popFirst() { left.append(element) }
    lock.release(for: self)
    for sender in resumed { sender.resume() }
    if let context { for element in left { context.discard(element) } }
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
