// A task that consumes a flow to its end, and sleeps while there is nothing.
import Synchronization

/// The scope of a run whose only driver is one task: polling needs no permission, waking only ends a sleep.
@usableFromInline
final class AsyncConsumer: Consumer, @unchecked Sendable {
  private static let polling: UInt8 = 0
  private static let woken: UInt8 = 1
  private static let asleep: UInt8 = 2

  private let state = Atomic<UInt8>(AsyncConsumer.polling)
  private var sleeper: Continuation?  // published by the move to `asleep`

  @usableFromInline override init() { super.init() }

  override func rouse() {
    let before = state.exchange(Self.woken, ordering: .acquiringAndReleasing)
    if before == Self.asleep {
      let sleeper = self.sleeper
      self.sleeper = nil
      sleeper?.resume()
    }
  }

  /// Sleeps until the next wake; not at all when one came since the last sleep.
  /// - Throws: `CancellationError` when the task was cancelled; the run is ended then.
  @usableFromInline
  func sleep(isolation: isolated (any Actor)? = #isolation) async throws {
    await withTaskCancellationHandler {
      await Continuation.suspend(isolation: isolation) { continuation in
        sleeper = continuation
        let (isAsleep, _) = state.compareExchange(
          expected: Self.polling, desired: Self.asleep, ordering: .acquiringAndReleasing)
        if !isAsleep {
          sleeper = nil
          continuation.resume()
        }
      }
    } onCancel: {
      end()
      rouse()
    }
    _ = state.exchange(Self.polling, ordering: .acquiringAndReleasing)
    try checkCancellation()
  }

  @usableFromInline
  func checkCancellation() throws {
    if isEnded || Task.isCancelled {
      end()
      throw CancellationError()
    }
  }
}

extension Flow {
  /// Runs the flow in this task and hands every batch to `body` until the flow ends or `body` answers false.
  /// All async terminals are this function.
  ///
  /// - Parameter limit: the most elements that are asked for at a time.
  /// - Throws: the flow's error, `body`'s, or `CancellationError` when the task is cancelled.
  @inlinable @inline(__always)
  func consume(
    atMost limit: Int = .max, isolation: isolated (any Actor)? = #isolation,
    _ body: (inout Chunk<Element>) throws -> Bool
  ) async throws {
    // A task that is cancelled already does not start what may cost money.
    try Task.checkCancellation()
    let consumer = AsyncConsumer()
    defer { consumer.close() }
    let context = FlowContext(scope: consumer, environment: .current)
    let stage = recipe(context)
    if consumer.isPlaced() {
      try await consumer.consumePlaced(stage, in: context, atMost: limit, isolation: isolation, body)
    } else {
      try await consumer.consume(stage, atMost: limit, isolation: isolation, body)
    }
  }
}

extension AsyncConsumer {
  /// Out of line, because it is rare, and would stand beside every other loop.
  @inlinable @inline(never)
  func consumePlaced<Element: Sendable>(
    _ stage: @escaping Flow<Element>.Stage, in context: FlowContext, atMost limit: Int,
    isolation: isolated (any Actor)?, _ body: (inout Chunk<Element>) throws -> Bool
  ) async throws {
    try await consume(handedOver(stage, in: context), atMost: limit, isolation: isolation, body)
  }

  @inlinable @inline(__always)
  func consume<Element: Sendable>(
    _ stage: Flow<Element>.Stage, atMost limit: Int,
    isolation: isolated (any Actor)?, _ body: (inout Chunk<Element>) throws -> Bool
  ) async throws {
    var turns = 0
    while true {
      let (poll, goesOn, isEmpty) = try Chunk<Element>.scratch(limit) { chunk in
        let poll = stage(&chunk)
        let isEmpty = chunk.isEmpty
        do {
          let goesOn = try body(&chunk)
          while let element = chunk.next() { discard(element) }
          return (poll, goesOn, isEmpty)
        } catch {
          while let element = chunk.next() { discard(element) }
          throw error
        }
      }
      if !goesOn { return }
      switch poll {
      case .more:
        // Asking the runtime costs as much as a hundred elements; a poll that left none may have gone through more.
        turns &+= 1
        if isEmpty || turns & 15 == 0 { try checkCancellation() }
      case .pending: try await sleep(isolation: isolation)
      case .finished: return
      case .failed(let error): throw error
      }
    }
  }
}
