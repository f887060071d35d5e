// A consumer that polls when it likes, and lets the run go on between its polls.
import Synchronization

/// The one who iterates. Let go, it ends the run.
@usableFromInline
final class Cursor<Element: Sendable>: Sendable {
  @usableFromInline let reading: Reading<Element>

  @inlinable
  init(_ flow: Flow<Element>) { reading = Reading(flow) }

  deinit { reading.run.cancel() }

  /// - Throws: `CancellationError` when the iteration ended because the task was cancelled.
  @usableFromInline
  func checkCancellation() throws { if !reading.isComplete { throw CancellationError() } }

  /// The next element; `nil` after the last, and when the task was cancelled.
  @inlinable
  func next(isolation: isolated (any Actor)?) async throws -> Element? {
    precondition(
      !reading.isBusy.exchange(true, ordering: .acquiring),
      "a second next() on one iterator while the first waits: give each consumer its own iterator, or share()"
    )
    defer { reading.isBusy.store(false, ordering: .releasing) }
    while true {
      switch try reading.poll() {
      case .element(let element): return element
      case .end: return nil
      case .wait: await reading.sleep(isolation: isolation)
      }
    }
  }
}

/// One run of a flow that is asked for one element at a time.
///
/// Between two requests a wake polls the run with room of zero, on the waker's thread, so that operators which
/// must keep consuming do so while the consumer is busy elsewhere.
@usableFromInline
final class Reading<Element: Sendable>: @unchecked Sendable {
  @usableFromInline enum Answer { case element(Element), end, wait }

  @usableFromInline let run: Run
  /// A request is under way.
  @usableFromInline let isBusy = Atomic<Bool>(false)
  // Touched only with the right to poll.
  @usableFromInline var stage: Flow<Element>.Stage?
  /// What a poll between two requests ended with.
  @usableFromInline var early: Poll?
  // Touched only by the consumer.
  @usableFromInline var failure: (any Error)?
  @usableFromInline var turns = 0
  @usableFromInline var isOwner = false
  @usableFromInline var isComplete = false

  private let lock = Lock()
  private var sleeper: Continuation?  // guarded by `lock`

  @inlinable
  init(_ flow: Flow<Element>) {
    let driver = Run(.current)
    let stage = flow.start(in: driver.context)
    if driver.isSettled {
      run = Run(.current)
      self.stage = run.handedOver(driver, stage)
    } else {
      run = driver
      self.stage = stage
    }
    run.step = { self.pollForProgress() }
    run.begin()
  }

  @inlinable
  func poll() throws -> Answer {
    turns &+= 1
    // Asking the runtime whether the task is cancelled costs as much as a poll; a sleep notices at once.
    if turns & 31 == 1, Task.isCancelled { run.cancel() }
    guard run.enter() else {
      guard run.isEnded else { return .wait }
      if let failure {
        self.failure = nil
        throw failure
      }
      return .end
    }
    isOwner = true
    guard let stage else { return .end }
    while true {
      let (poll, element) = Chunk<Element>.scratch(1) { chunk in
        let poll = early ?? stage(&chunk)
        return (poll, chunk.next())
      }
      switch poll {
      case .finished: end(nil)
      case .failed(let error):
        end(error)
        if element == nil {
          failure = nil
          throw error
        }
      case .pending where element == nil: return .wait
      case .more where element == nil: continue
      case .pending, .more: leave()
      }
      return element.map { .element($0) } ?? .end
    }
  }

  /// Sleeps until there may be something new. Gives the right to poll back, if the consumer has it.
  @usableFromInline
  func sleep(isolation: isolated (any Actor)?) async {
    await withTaskCancellationHandler {
      await Continuation.suspend(isolation: isolation) { continuation in
        lock(self) { sleeper = continuation }
        if isOwner { leave() } else { run.wake() }
        // A cancellation that came before there was a sleeper to wake.
        if run.isEnded { takeSleeper()?.resume() }
      }
    } onCancel: {
      run.cancel()
      takeSleeper()?.resume()
    }
  }

  @usableFromInline
  func leave() {
    isOwner = false
    run.leave()
  }

  @usableFromInline
  func end(_ error: (any Error)?) {
    isOwner = false
    isComplete = true
    failure = error
    stage = nil
    run.conclude()
  }

  /// What a wake does: hands the run over to a consumer that sleeps, or polls without room.
  @usableFromInline
  func pollForProgress() -> Run.Outcome {
    if let sleeper = takeSleeper() { return .handOver(sleeper) }
    if early == nil, let stage {
      let poll = Chunk<Element>.scratch(0) { stage(&$0) }
      if poll.isTerminal { early = poll }
    }
    return .idle
  }

  private func takeSleeper() -> Continuation? {
    lock(self) {
      defer { sleeper = nil }
      return sleeper
    }
  }
}
