// Time and place, handed in.

/// What a run needs from the world: time, timers, and a place to run work.
///
/// Nothing in the library reads a clock or sleeps on its own; it asks the scheduler of its run, so that a test
/// sets time once, at the end of the chain (`FlowTesting.VirtualTime`).
public protocol FlowScheduler: AnyObject, Sendable {
  /// The present. Never runs backwards.
  var now: FlowInstant { get }

  /// The present or a little before it (see ``approximationError``), read more cheaply than ``now``.
  var approximateNow: FlowInstant { get }

  /// How far ``approximateNow`` may lag behind ``now``.
  var approximationError: Duration { get }

  /// Runs `action` at `instant` or as soon after it as possible, never before. The action must be short: it
  /// shares its thread with every other timer.
  func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer

  /// Forgets a timer that has not fired, and everything that its action captured. Returns false when it fired,
  /// or was cancelled, before.
  @discardableResult
  func cancel(_ timer: FlowTimer) -> Bool

  /// Runs `work` soon, after the work that was handed in before it, and never beside it.
  func execute(_ work: @escaping @Sendable () -> Void)

  /// Where tasks that belong to a run start; `nil` for the global pool.
  var taskExecutor: (any TaskExecutor)? { get }
}

extension FlowScheduler {
  public var approximateNow: FlowInstant { now }
  public var approximationError: Duration { .zero }
  public var taskExecutor: (any TaskExecutor)? { nil }
}

/// The name of a timer, unique within its scheduler. `UInt64.max` names none.
public struct FlowTimer: Hashable, Sendable {
  public let id: UInt64
  public init(id: UInt64) { self.id = id }
}
