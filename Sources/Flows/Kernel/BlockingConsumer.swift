// A thread that consumes a flow to its end, and is parked while there is nothing.

/// The scope of a run whose only driver is one thread that blocks.
@usableFromInline
final class BlockingConsumer: Consumer, @unchecked Sendable {
  private let signal = ThreadSignal()
  private let timeout: Duration?
  private let deadline: Int64?

  /// - Throws: ``FlowBlockingError`` when the calling thread must not be blocked.
  @usableFromInline
  init(timeout: Duration?) throws {
    if withUnsafeCurrentTask(body: { $0 != nil }) { throw FlowBlockingError.insideTask }
    if Platform.isOnOwnThread { throw FlowBlockingError.insideScheduler }
    self.timeout = timeout
    deadline = timeout.map {
      let (sum, overflow) = Platform.now().addingReportingOverflow($0.nanoseconds)
      return overflow ? .max : sum
    }
    super.init()
  }

  override func rouse() { signal.signal() }

  /// Parks the thread until the next wake; not at all when one came since the last time.
  /// - Throws: ``FlowBlockingError/timedOut(after:)``.
  @usableFromInline
  func park() throws {
    if !signal.wait(until: deadline) { throw FlowBlockingError.timedOut(after: timeout ?? .zero) }
  }

  /// - Throws: ``FlowBlockingError/timedOut(after:)`` when a flow that does not run dry has used up its time.
  @usableFromInline
  func checkTime() throws {
    if let deadline, Platform.now() >= deadline { throw FlowBlockingError.timedOut(after: timeout ?? .zero) }
  }
}

/// Why a thread was not blocked, or not any longer.
public enum FlowBlockingError: Error, Equatable, CustomStringConvertible {
  /// A task runs on this thread, so it belongs to the pool that all tasks share, or to the main actor. Blocked, it
  /// could wait for work that waits for it.
  case insideTask
  /// The thread is that of a ``SystemScheduler``: timers that the flow waits for could not fire.
  case insideScheduler
  /// The flow had not ended after this time. It was cancelled.
  case timedOut(after: Duration)

  public var description: String {
    switch self {
    case .insideTask: "a task must not block its thread: use the async form (first, collect, forEach ...)"
    case .insideScheduler: "a scheduler's thread must not be blocked: use a callback (subscribe)"
    case .timedOut(let timeout): "the flow had not ended after \(timeout)"
    }
  }
}

extension Flow {
  /// Runs the flow on this thread and hands every batch to `body` until the flow ends or `body` answers false. All
  /// blocking terminals are this function.
  ///
  /// - Parameter limit: the most elements that are asked for at a time.
  @inlinable
  func consumeBlocking(
    atMost limit: Int = .max, timeout: Duration?, _ body: (inout Chunk<Element>) throws -> Bool
  ) throws {
    let consumer = try BlockingConsumer(timeout: timeout)
    defer { consumer.close() }
    let stage = start(in: consumer, .current)
    var turns = 0
    while true {
      let (poll, goesOn, isEmpty) = try Chunk<Element>.scratch(limit) { chunk in
        let poll = stage(&chunk)
        let isEmpty = chunk.isEmpty
        defer { while let element = chunk.next() { consumer.discard(element) } }
        return (poll, try body(&chunk), isEmpty)
      }
      if !goesOn { return }
      switch poll {
      case .more:
        turns &+= 1
        if isEmpty || turns & 15 == 0 { try consumer.checkTime() }
      case .pending: try consumer.park()
      case .finished: return
      case .failed(let error): throw error
      }
    }
  }
}
