// How much may be spent.
import Flows

/// How much may be spent within a time, by all who share it.
///
/// Before a request the most that it can cost is reserved, and afterwards settled with what it did cost; so requests that
/// run at the same time never spend together what one of them could have spent alone.
public final class Budget: Sendable {
  public enum Window: Sendable, Hashable {
    /// Each run has the whole limit for itself.
    case run
    /// The last so much of time, in sixty parts: what was spent is forgotten when its part has left. By the time of the
    /// runs.
    case last(Duration)

    public static let hour = Window.last(.seconds(3600))
    public static let day = Window.last(.seconds(86400))
  }

  public let limit: Money
  public let window: Window
  private let shared: Purse

  /// - Parameters:
  ///   - limit: more than zero; anything else traps.
  ///   - window: a time of more than zero; anything else traps.
  public init(_ limit: Money, per window: Window) {
    precondition(limit > .zero, "a budget of \(limit) allows nothing")
    if case .last(let duration) = window {
      precondition(duration > .zero, "a budget for \(duration) allows nothing")
    }
    self.limit = limit
    self.window = window
    shared = Purse(limit, window)
  }

  /// What was spent and is reserved, and not forgotten yet, in the time of a run; nothing for one that is each run's own.
  public func used(at now: FlowInstant) -> Money { shared.used(at: now) }

  /// What is left.
  public func available(at now: FlowInstant) -> Money { shared.available(at: now) }

  /// Where a run takes its money from.
  func purse() -> Purse {
    switch window {
    case .run: Purse(limit, window)
    case .last: shared
    }
  }

  /// What can be had by a new run.
  func availableToRun(at now: FlowInstant) -> Money { window == .run ? limit : available(at: now) }
}

extension Budget: CustomStringConvertible {
  public var description: String {
    switch window {
    case .run: "\(limit) a run"
    case .hour: "\(limit) an hour"
    case .day: "\(limit) a day"
    case .last(let duration): "\(limit) in \(duration)"
    }
  }
}

/// Money that runs share.
// Everything is guarded by the lock.
final class Purse: @unchecked Sendable {
  private let lock = Lock()
  private var log: SpendingLog

  init(_ limit: Money, _ window: Budget.Window) { log = SpendingLog(limit, window) }

  func used(at now: FlowInstant) -> Money { lock(self) { log.used(at: now) } }
  func available(at now: FlowInstant) -> Money { lock(self) { log.available(at: now) } }

  /// Reserves as much as is there of `amount`, if that is `least` at least.
  func reserve(_ amount: Money, atLeast least: Money, at now: FlowInstant) -> Money? {
    lock(self) { log.reserve(amount, atLeast: least, at: now) }
  }

  /// Puts back what was reserved, and takes what was spent.
  func settle(_ reserved: Money, _ spent: Money, at now: FlowInstant) {
    lock(self) { log.settle(reserved, spent, at: now) }
  }

  /// How long until something that was spent is forgotten.
  func relief(at now: FlowInstant) -> Duration? { lock(self) { log.relief(at: now) } }
}

/// What was spent, in parts of the window: its memory does not grow with what is spent.
struct SpendingLog {
  private static let parts: Int64 = 60

  private let limit: Money
  /// In nanoseconds; `nil` when nothing is forgotten.
  private let part: Int64?
  private var spent: [(part: Int64, amount: Money)] = []
  private var sum = Money.zero
  private var reserved = Money.zero

  init(_ limit: Money, _ window: Budget.Window) {
    self.limit = limit
    switch window {
    case .run: part = nil
    case .last(let duration):
      part = Swift.max(1, Int64(Swift.min(duration.seconds * 1e9, 0x1p62)) / Self.parts)
    }
  }

  mutating func used(at now: FlowInstant) -> Money {
    forget(at: now)
    return sum + reserved
  }

  mutating func available(at now: FlowInstant) -> Money { max(.zero, limit - used(at: now)) }

  mutating func reserve(_ amount: Money, atLeast least: Money, at now: FlowInstant) -> Money? {
    let granted = min(amount, available(at: now))
    guard granted >= least else { return nil }
    reserved += granted
    return granted
  }

  mutating func settle(_ reserved: Money, _ spent: Money, at now: FlowInstant) {
    forget(at: now)
    self.reserved -= reserved
    if spent <= .zero { return }
    sum += spent
    let current = part.map { now.nanoseconds / $0 } ?? 0
    if self.spent.last?.part == current {
      self.spent[self.spent.count - 1].amount += spent
    } else {
      self.spent.append((current, spent))
    }
  }

  mutating func relief(at now: FlowInstant) -> Duration? {
    forget(at: now)
    guard let part, let oldest = spent.first else { return nil }
    return .nanoseconds((oldest.part + Self.parts + 1) * part - now.nanoseconds)
  }

  private mutating func forget(at now: FlowInstant) {
    guard let part else { return }
    // The oldest part is forgotten when all of it has left the window.
    let first = now.nanoseconds / part - Self.parts
    while let oldest = spent.first, oldest.part < first {
      sum -= oldest.amount
      spent.removeFirst()
    }
  }
}
