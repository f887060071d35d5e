// A hand-over for senders that wait, each for its own element to be asked for.

/// One reader, which is a stage, and any number of senders, which stand in line.
///
/// Those who wait for a ``Mailbox`` are all called when something is asked for, and race. Here each waits in its place
/// with its element, the reader takes what it has room for from the front, and one that leaves the line leaves the
/// others where they are. Nothing foreign is called under the lock.
final class Rendezvous<Element: Sendable>: Resource, @unchecked Sendable {
  /// Why an element was not taken.
  enum Refusal { case ended, readerIsGone, cancelled }

  /// A sender that waits. Guarded by the lock.
  private final class Sender: @unchecked Sendable {
    /// Until it is taken, or taken back.
    var element: Element?
    var continuation: Continuation?
    var refusal: Refusal?
    init(_ element: Element) { self.element = element }
  }

  private let lock = Lock()
  // All guarded by `lock`.
  private var line = Ring<Sender>()
  /// Those in line who have left it.
  private var gone = 0
  /// What was asked for when it was sent.
  private var queue = Ring<Element>()
  /// The room that the reader lent and that nothing was sent for yet. While there is any, nobody stands in line.
  private var demand = 0
  private var ending: Poll?
  private var reader: FlowContext?
  private var isReserved = false
  private var isClosed = false
  /// The reader was told that there is nothing, and must be woken.
  private var isAwaited = false

  override init() { super.init() }

  // MARK: Sending

  /// Returns when the element has been asked for, and is sent. The answer is why it was not.
  func send(_ element: Element) async -> Refusal? {
    if Task.isCancelled { return .cancelled }
    let sender = Sender(element)
    guard stand(sender) else { return lock(self) { sender.refusal } }
    await withTaskCancellationHandler {
      await Continuation.suspend(isolation: nil) { continuation in
        let isSettled = lock(self) {
          if sender.element == nil { return true }
          sender.continuation = continuation
          return false
        }
        if isSettled { continuation.resume() }
      }
    } onCancel: {
      withdraw(sender)
    }
    return lock(self) { sender.refusal }
  }

  /// Sends what is asked for; otherwise the sender stands in line. The answer is whether it does.
  private func stand(_ sender: Sender) -> Bool {
    var woken: Scope?
    let stands = lock(self) {
      if isClosed || ending != nil {
        sender.refusal = isClosed ? .readerIsGone : .ended
        return false
      }
      guard demand > 0, let element = sender.element.take() else {
        line.append(sender)
        return true
      }
      queue.append(element)
      demand -= 1
      woken = takeAwaiting()
      return false
    }
    woken?.wake()
    return stands
  }

  private func withdraw(_ sender: Sender) {
    let (element, continuation) = lock(self) { () -> (Element?, Continuation?) in
      guard let element = sender.element.take() else { return (nil, nil) }
      sender.refusal = .cancelled
      gone += 1
      if gone * 2 > line.count { closeRanks() }
      return (element, sender.continuation.take())
    }
    // Destroyed here, under no lock.
    withExtendedLifetime(element) {}
    continuation?.resume()
  }

  private func closeRanks() {
    for _ in 0..<line.count {
      if let sender = line.popFirst(), sender.element != nil { line.append(sender) }
    }
    gone = 0
  }

  /// Ends the stream after those who stand in line. The first ending counts.
  func finish(_ how: Poll) {
    var woken: Scope?
    lock(self) {
      if isClosed || ending != nil { return }
      ending = how
      woken = takeAwaiting()
    }
    woken?.wake()
  }

  /// Called with the lock held.
  private func takeAwaiting() -> Scope? {
    guard isAwaited else { return nil }
    isAwaited = false
    return reader?.scope
  }

  /// How many elements wait, and how many are asked for.
  var crowding: (waiting: Int, asked: Int) { lock(self) { (queue.count + line.count - gone, demand) } }

  // MARK: Reading

  /// Makes the stage that reads; `nil` when there is, or was, another one.
  func read(in context: FlowContext) -> Flow<Element>.Stage? {
    let isFirst = lock(self) {
      if isReserved { return false }
      isReserved = true
      reader = context
      return true
    }
    guard isFirst else { return nil }
    context.scope.own(self)
    return { room in self.receive(into: &room) }
  }

  private func receive(into room: inout Chunk<Element>) -> Poll {
    var served: [Continuation] = []
    lock.acquire(for: self)
    queue.drain(into: &room)
    while !room.isFull, let sender = line.popFirst() {
      guard let element = sender.element.take() else {
        gone -= 1
        continue
      }
      room.append(element)
      if let continuation = sender.continuation.take() { served.append(continuation) }
    }
    var poll = Poll.more
    demand = 0
    if queue.isEmpty, line.count == gone {
      if let ending {
        poll = ending
      } else {
        if !room.isFull { poll = .pending }
        demand = room.room
        isAwaited = true
      }
    }
    lock.release(for: self)
    for sender in served { sender.resume() }
    return poll
  }

  /// The reader is gone: those who stand in line are sent away with their elements.
  override func release() {
    let (context, left, refused) = lock(self) {
      isClosed = true
      var refused: [Sender] = []
      while let sender = line.popFirst() {
        if sender.element != nil { refused.append(sender) }
      }
      for sender in refused { sender.refusal = .readerIsGone }
      return (reader.take(), queue.takeAll(), refused)
    }
    if let context { for element in left { context.discard(element) } }
    for sender in refused { dismiss(sender) }
  }

  private func dismiss(_ sender: Sender) {
    let (element, continuation) = lock(self) { (sender.element.take(), sender.continuation.take()) }
    withExtendedLifetime(element) {}
    continuation?.resume()
  }
}
