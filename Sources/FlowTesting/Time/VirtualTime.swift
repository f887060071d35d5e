// A clock that a test moves, and the owner of every job that waits for it.
import Flows
import Synchronization

/// Time that passes when a test says so: a scheduler, a `Clock` and a `TaskExecutor` in one.
///
/// It owns every timer and every job of the tasks that run in it. So it knows when nothing is left to do, moves
/// on only then, and does the same in the same order every time: a story of ten minutes takes a millisecond.
///
/// ```swift
/// let time = VirtualTime()
/// let answer = try time.run { try await question.retry(policy).collect() }
/// #expect(time.now == FlowInstant(nanoseconds: 600_000_000_000))
/// ```
///
/// **Order.** By instant. Within an instant everything that is not a scheduler's timer comes first, in order of
/// arrival, until nothing of it is left: jobs of tasks, `execute`, planned test events, sleepers of the clock.
/// Then comes the first of the scheduler's timers of that instant, then again all else, and so on. So an
/// element and a deadline of one instant meet in one order: the element wins.
///
/// One thread at a time drives it, and everything happens on that thread. Others may wake runs or hand in work
/// at any time; that waits for the driver.
public final class VirtualTime: FlowScheduler, Clock, TaskExecutor, @unchecked Sendable {
  private enum Work {
    case job(UnownedJob)
    case action(@Sendable () -> Void)
    case sleeper(Sleeper)
  }

  private let lock = Lock()
  // All guarded by `lock`.
  private var present = FlowInstant(nanoseconds: 0)
  private var ready = Ring<Work>()
  private var planned = Agenda<Work>()
  private var timers = Agenda<@Sendable () -> Void>()
  private var sleepers = 0
  private var arrivals: UInt64 = 0
  private var isDriven = false
  private var witnesses: [@Sendable () -> String?] = []

  private let stepLimit: Int

  /// Time at its beginning, with nothing planned.
  public convenience init() { self.init(stepLimit: 50_000_000) }

  /// - Parameter stepLimit: so many steps are taken before time is said to go on for ever.
  init(stepLimit: Int) { self.stepLimit = stepLimit }

  public var now: FlowInstant { lock(self) { present } }
  public var minimumResolution: Duration { .nanoseconds(1) }
  public var taskExecutor: (any TaskExecutor)? { self }

  /// The timers and sleepers that wait. Zero at the end of a test, or something was not let go.
  public var pendingTimers: Int { lock(self) { timers.count + sleepers } }

  /// Nothing is left to do, now or later.
  public var isIdle: Bool {
    lock(self) { ready.isEmpty && planned.isEmpty && timers.isEmpty }
  }

  /// Plans `action` for `offset` after the present, before all timers of that instant.
  public func at(_ offset: Duration, _ action: @escaping @Sendable () -> Void) {
    lock(self) { plan(.action(action), at: present.advanced(by: offset), nextID()) }
  }

  // MARK: FlowScheduler

  public func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    lock(self) {
      let id = nextID()
      timers.insert(id, at: instant, action)
      return FlowTimer(id: id)
    }
  }

  @discardableResult
  public func cancel(_ timer: FlowTimer) -> Bool {
    let action = lock(self) { timers.remove(timer.id) }
    return action != nil
  }

  public func execute(_ work: @escaping @Sendable () -> Void) {
    lock(self) { ready.append(.action(work)) }
  }

  // MARK: TaskExecutor

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    lock(self) { ready.append(.job(job)) }
  }

  // MARK: Clock

  /// Sleeps until `deadline` in this time.
  /// - Throws: `CancellationError` when the task is cancelled.
  public func sleep(until deadline: FlowInstant, tolerance: Duration? = nil) async throws {
    let sleeper = Sleeper()
    let id = lock(self) { nextID() }
    try await withTaskCancellationHandler {
      try await withUnsafeThrowingContinuation { continuation in
        guard sleeper.fallAsleep(continuation) else { return }
        lock(self) {
          // A cancellation may have come, and gone, since the sleeper fell asleep.
          if sleeper.isAwake { return }
          plan(.sleeper(sleeper), at: deadline, id)
        }
      }
    } onCancel: {
      lock(self) {
        sleeper.isAwake = true
        if planned.remove(id) != nil { sleepers -= 1 }
      }
      sleeper.wake(throwing: CancellationError())
    }
  }

  // MARK: Driving

  /// Moves time on, and does all that is due until then, to quiescence.
  public func advance(by duration: Duration) {
    precondition(duration >= .zero, "time does not run backwards: advance(by: \(duration))")
    let goal = now.advanced(by: duration)
    let ending = drive(until: goal) { false }
    precondition(ending == .quiet, Self.endless)
    lock(self) { present = max(present, goal) }
  }

  /// Moves time on until nothing is left to do. Traps when that never comes: a flow that ticks for ever needs
  /// ``advance(by:)``.
  public func run() {
    let ending = drive(until: nil) { false }
    precondition(ending == .quiet, Self.endless)
  }

  /// Runs `body` as a task to its end, in this time and on the calling thread. Every flow that is run inside
  /// uses this time.
  ///
  /// - Throws: `body`'s error, or ``StuckFlow`` when nothing is left to do and `body` has not ended.
  public func run<R: Sendable>(_ body: @escaping @Sendable () async throws -> R) throws -> R {
    let outcome = Outcome<R>()
    let task = asDefault {
      Task(executorPreference: self) {
        do { outcome.set(.success(try await body())) } catch { outcome.set(.failure(error)) }
      }
    }
    let ending = drive(until: nil) { outcome.value != nil }
    if let result = outcome.value { return try result.get() }
    let stuck = StuckFlow(at: now, isEndless: ending == .endless, hints: testimony())
    // What the body holds is let go, as far as it answers to cancellation.
    task.cancel()
    _ = drive(until: nil) { outcome.value != nil }
    throw stuck
  }

  private enum Ending { case quiet, reached, endless }

  private static let endless =
    "virtual time goes on for ever: something plans new work without end. Use advance(by:), or end the flow."

  private func drive(until goal: FlowInstant?, _ isReached: () -> Bool) -> Ending {
    let isSecond = lock(self) {
      defer { isDriven = true }
      return isDriven
    }
    precondition(
      !isSecond,
      "virtual time is driven already: inside a run, time moves by itself; await sleep(for:) to let it pass")
    defer { lock(self) { isDriven = false } }
    let executor = asUnownedTaskExecutor()
    // What a timer starts is as much in this time as what the test starts.
    return asDefault {
      var steps = 0
      while !isReached() {
        guard let work = next(until: goal) else { return .quiet }
        switch work {
        case .job(let job): job.runSynchronously(on: executor)
        case .action(let action): action()
        case .sleeper(let sleeper): sleeper.wake()
        }
        steps += 1
        if steps == stepLimit { return .endless }
      }
      return .reached
    }
  }

  /// What is to be done next; moves time on when nothing is left to do at this instant.
  private func next(until goal: FlowInstant?) -> Work? {
    lock(self) {
      while true {
        if let work = ready.popFirst() { return work }
        if let timer = timers.takeFirst(dueAt: present) { return .action(timer) }
        let next = min(planned.next() ?? .distantFuture, timers.next() ?? .distantFuture)
        guard next < .distantFuture, next <= goal ?? next else { return nil }
        present = next
        // All that was planned for this instant arrived before anything that it will start.
        while let work = planned.takeFirst(dueAt: present) { makeReady(work) }
      }
    }
  }

  private func plan(_ work: Work, at instant: FlowInstant, _ id: UInt64) {
    if case .sleeper = work { sleepers += 1 }
    if instant <= present { makeReady(work) } else { planned.insert(id, at: instant, work) }
  }

  private func makeReady(_ work: Work) {
    if case .sleeper = work { sleepers -= 1 }
    ready.append(work)
  }

  private func nextID() -> UInt64 {
    arrivals += 1
    return arrivals
  }

  // MARK: Witnesses

  /// Adds to the description of a flow that is stuck: `nil` when the witness has nothing to say.
  func addWitness(_ witness: @escaping @Sendable () -> String?) {
    lock(self) { witnesses.append(witness) }
  }

  private func testimony() -> [String] {
    lock(self) { witnesses }.compactMap { $0() }
  }
}
