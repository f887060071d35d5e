// The time that a consumer waits, held against limits.
import Flows

/// Adds up the time in which somebody waits, and knows when that has become too much. One alarm for all limits, which
/// is moved and seldom rings.
struct WaitClock {
  private let context: FlowContext
  private let alarm: Alarm
  private let total: Duration?

  /// The limit on the present stretch, until ``restart(limit:)``.
  private(set) var limit: Duration?
  private var spent = Duration.zero
  private var spentInAll = Duration.zero
  /// Since when somebody waits, while somebody does.
  private var start: FlowInstant?

  init(_ context: FlowContext, total: Duration?) {
    self.context = context
    self.total = total
    alarm = context.alarm()
  }

  enum Reached { case limit, total }

  /// A new stretch begins, with a limit of its own.
  mutating func restart(limit: Duration?) {
    rest()
    spent = .zero
    self.limit = limit
  }

  /// Somebody waits, since now or since earlier. The answer is the limit that was reached, if one was.
  mutating func wait() -> Reached? {
    if limit == nil, total == nil { return nil }
    let now = context.now
    let start = self.start ?? now
    self.start = start
    let end = limit.map { start.advanced(by: $0 - spent) } ?? .distantFuture
    let totalEnd = total.map { start.advanced(by: $0 - spentInAll) } ?? .distantFuture
    alarm.set(at: min(end, totalEnd))
    guard alarm.isDue else { return nil }
    return totalEnd <= end ? .total : .limit
  }

  /// Nobody waits.
  mutating func rest() {
    guard let start else { return }
    let waited = start.duration(to: context.now)
    spent += waited
    spentInAll += waited
    self.start = nil
    alarm.set(at: .distantFuture)
  }

  /// Nothing is waited for any more.
  mutating func stop() {
    rest()
    alarm.clear()
  }
}
