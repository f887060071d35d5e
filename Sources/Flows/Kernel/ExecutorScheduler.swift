// Places that Swift concurrency knows: an executor, an actor, the main actor, the global pool.

/// A place for `receive(on:)` and `subscribe(on:)` that stands on Swift concurrency.
///
/// ```swift
/// answer.receive(on: .main)
/// answer.subscribe(on: .pool)
/// answer.receive(on: .actor(session))
/// ```
///
/// Work is run one piece at a time, in order, and what arrives together crosses in one job. Time is that of
/// ``SystemScheduler``.
public final class ExecutorScheduler: FlowScheduler, @unchecked Sendable {
  /// Calls `runBatch` in its place.
  private let start: @Sendable (ExecutorScheduler) -> Void
  public let taskExecutor: (any TaskExecutor)?
  private let lock = Lock()
  // Both guarded by `lock`.
  private var work: [@Sendable () -> Void] = []
  private var isRunning = false

  fileprivate init(
    _ executor: (any TaskExecutor)? = nil, _ start: @escaping @Sendable (ExecutorScheduler) -> Void
  ) {
    taskExecutor = executor
    self.start = start
  }

  public var now: FlowInstant { SystemScheduler.shared.now }
  public var approximateNow: FlowInstant { SystemScheduler.shared.approximateNow }
  public var approximationError: Duration { SystemScheduler.shared.approximationError }

  public func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    SystemScheduler.shared.schedule(at: instant) { [self] in execute(action) }
  }

  @discardableResult
  public func cancel(_ timer: FlowTimer) -> Bool { SystemScheduler.shared.cancel(timer) }

  public func execute(_ work: @escaping @Sendable () -> Void) {
    let mustStart = lock(self) {
      self.work.append(work)
      defer { isRunning = true }
      return !isRunning
    }
    if mustStart { start(self) }
  }

  fileprivate func runBatch(in actor: isolated any Actor) { runBatch() }

  /// Runs what has arrived, then lets others have the executor.
  fileprivate func runBatch() {
    let batch = lock(self) {
      defer { work.removeAll(keepingCapacity: true) }
      return work
    }
    for action in batch { action() }
    let goesOn = lock(self) {
      isRunning = !work.isEmpty
      return isRunning
    }
    if goesOn { start(self) }
  }
}

extension FlowScheduler where Self == ExecutorScheduler {
  /// The main actor.
  public static var main: ExecutorScheduler { .onMainActor }

  /// A place in the global pool. Every call makes a new one: the work of each is done in order, two work beside
  /// each other.
  public static var pool: ExecutorScheduler {
    ExecutorScheduler { scheduler in Task.detached { scheduler.runBatch() } }
  }

  /// The executor of `actor`.
  public static func actor(_ actor: any Actor) -> ExecutorScheduler {
    ExecutorScheduler { scheduler in Task.detached { await scheduler.runBatch(in: actor) } }
  }

  /// An executor of tasks. Work is done in order, also when the executor is a pool.
  public static func executor(_ executor: any TaskExecutor) -> ExecutorScheduler {
    ExecutorScheduler(executor) { scheduler in
      Task.detached(executorPreference: executor) { scheduler.runBatch() }
    }
  }
}

extension ExecutorScheduler {
  fileprivate static let onMainActor = ExecutorScheduler { scheduler in
    Task.detached { @MainActor in scheduler.runBatch() }
  }
}
