// A time that nobody should ask for.
import Flows

/// A scheduler for flows that have nothing to do with time, which complains when they have.
///
/// ```swift
/// let noTime = UnimplementedScheduler { Issue.record("\($0)") }
/// let total = try await orders.map(\.price).scheduler(noTime).reduce(0, +)
/// ```
///
/// Without a closure the complaints wait for ``expectUntouched()``. A timer that is set never rings, and the present is
/// always the beginning, so that a mistake is found and hangs nothing that it does not have to. Work that is handed in is
/// done by whoever hands it in: a place is no time.
// What changes is guarded by the lock.
public final class UnimplementedScheduler: FlowScheduler, @unchecked Sendable {
  /// What was done with time.
  public enum Touch: Sendable, Equatable, CustomStringConvertible {
    /// The present was asked for.
    case now
    /// A timer was set, so long after the beginning.
    case timer(after: Duration)

    public var description: String {
      switch self {
      case .now: "the time was asked for, in a flow that has nothing to do with time"
      case .timer(let delay): "a timer was set for \(delay), in a flow that has nothing to do with time"
      }
    }
  }

  private let complain: @Sendable (Touch) -> Void
  private let lock = Lock()
  private var noted: [Touch] = []  // guarded by `lock`

  /// - Parameter complain: called with whatever is done with time, by whoever does it.
  public init(_ complain: @escaping @Sendable (Touch) -> Void = { _ in }) { self.complain = complain }

  /// What was done with time, in order.
  public var touches: [Touch] { lock(self) { noted } }

  /// - Throws: ``Unmet`` when something was done with time.
  public func expectUntouched() throws {
    if let touch = touches.first { throw Unmet(touch.description) }
  }

  public var now: FlowInstant {
    note(.now)
    return Self.beginning
  }

  public func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    note(.timer(after: Self.beginning.duration(to: instant)))
    return FlowTimer(id: .max)
  }

  @discardableResult
  public func cancel(_ timer: FlowTimer) -> Bool { false }

  public func execute(_ work: @escaping @Sendable () -> Void) { work() }

  private static let beginning = FlowInstant(nanoseconds: 0)

  private func note(_ touch: Touch) {
    lock(self) { noted.append(touch) }
    complain(touch)
  }
}

extension FlowContext {
  /// The present, for a diary: writing it down is no use of time.
  var noted: FlowInstant {
    scheduler is UnimplementedScheduler ? FlowInstant(nanoseconds: 0) : now
  }
}
