// A consumer that polls when it likes, and lets the run go on between its polls.
import Synchronization

/// The one who iterates. Let go, it ends the run.
@usableFromInline
final class Cursor<Element: Sendable>: Sendable {
  @usableFromInline let reading: Reading<Element>

  @inlinable
  init(_ flow: Flow<Element>) { reading = Reading(flow) }

  deinit { cancel() }

  /// Ends the run. Any thread, any number of times.
  @usableFromInline
  func cancel() { reading.run.cancel() }

  /// - Throws: `CancellationError` when the iteration ended because the task was cancelled.
  @usableFromInline
  func checkCancellation() throws { if reading.run.isCancelled { throw CancellationError() } }

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
      case .again: if Task.isCancelled { reading.run.cancel() }
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
  @usableFromInline enum Answer { case element(Element), again, end, wait }

  @usableFromInline let run: ReadingRun<Element>
  /// A request is under way.
  @usableFromInline let isBusy = Atomic<Bool>(false)
  /// Touched only with the right to poll.
  @exclusivity(unchecked) @usableFromInline var stage: Flow<Element>.Stage?
  /// What the flow failed with, until the consumer has heard it. Touched with the right to poll; when the run is
  /// over, by the consumer.
  @exclusivity(unchecked) @usableFromInline var failure: (any Error)?
  // Touched only by the consumer.
  @exclusivity(unchecked) @usableFromInline var turns = 0
  @exclusivity(unchecked) @usableFromInline var isOwner = false

  private let lock = Lock()
  private var sleeper: Continuation?  // guarded by `lock`

  @inlinable
  init(_ flow: Flow<Element>) {
    let driver = ReadingRun<Element>()
    let stage = flow.start(in: driver.context)
    if driver.isSettled {
      run = ReadingRun<Element>()
      self.stage = run.handedOver(driver, stage)
    } else {
      run = driver
      self.stage = stage
    }
    run.reading = self
    run.begin { _ in self.pollForProgress() }
  }

  @inlinable
  func poll() throws -> Answer {
    turns &+= 1
    // Asking the runtime whether the task is cancelled costs as much as a poll; a sleep notices at once.
    if turns & 31 == 1, Task.isCancelled { run.cancel() }
    guard run.enter() else { return try end() }
    isOwner = true
    guard let stage else { return .wait }
    let (poll, element) = Chunk<Element>.scratch(1) { chunk in
      let poll = stage(&chunk)
      return (poll, chunk.next())
    }
    switch poll {
    case .finished: conclude(nil)
    case .failed(let error): conclude(error)
    case .pending where element == nil: return .wait
    case .pending, .more: leave()
    }
    if let element { return .element(element) }
    return poll.isTerminal ? try end() : .again
  }

  /// What the consumer is told that may not poll.
  @usableFromInline
  func end() throws -> Answer {
    if run.isCancelled { return .end }
    guard run.isOver else { return .wait }
    guard let failure else { return .end }
    self.failure = nil
    throw failure
  }

  /// Sleeps until there may be something new. Gives the right to poll back, if the consumer has it.
  @usableFromInline
  func sleep(isolation: isolated (any Actor)?) async {
    await withTaskCancellationHandler {
      await Continuation.suspend(isolation: isolation) { continuation in
        lock(self) { sleeper = continuation }
        if isOwner { leave() } else { run.wake() }
        // An end that came before there was a sleeper to wake.
        if run.isCancelled || run.isOver { takeSleeper()?.resume() }
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
  func conclude(_ error: (any Error)?) {
    isOwner = false
    failure = error
    run.conclude()
  }

  /// What a wake does: hands the run over to a consumer that sleeps, or polls without room.
  @usableFromInline
  func pollForProgress() -> Run.Outcome {
    if let sleeper = takeSleeper() { return .handOver(sleeper) }
    // A stage that wakes itself again and again, because it consumes a source that does not run dry, holds up no
    // waker for long, the consumer least of all: it goes on when the consumer comes.
    guard let stage, run.turns < Poll.patience else { return .idle }
    // An end that is found between two requests lets everything go; the consumer hears of it when it comes.
    switch Chunk<Element>.scratch(0, { stage(&$0) }) {
    case .finished: return .over({})
    case .failed(let error):
      failure = error
      return .over({})
    case .more, .pending: return .idle
    }
  }

  /// The run is over.
  @usableFromInline
  func letGo() {
    stage = nil
    takeSleeper()?.resume()
  }

  private func takeSleeper() -> Continuation? {
    lock(self) {
      defer { sleeper = nil }
      return sleeper
    }
  }
}

/// The run of one who reads, who is told when it is over.
@usableFromInline
final class ReadingRun<Element: Sendable>: Run, @unchecked Sendable {
  @exclusivity(unchecked) @usableFromInline var reading: Reading<Element>?

  @usableFromInline
  init() { super.init(.current) }

  override func didEnd() { reading.take()?.letGo() }
}
