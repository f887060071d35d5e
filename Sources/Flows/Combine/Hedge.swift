// A second attempt beside a slow one.

extension Flow {
  /// Runs the flow a second time when its first element has not come after `interval`, and a third time after the same
  /// time again, up to `limit` runs at a time; delivers the one whose first element comes first.
  ///
  ///     slow             -----a-b-|
  ///     quick            -x-y-|
  ///     hedge(after: 2)  ---x-y-|
  ///
  /// with a flow that is slow the first time. Against the slowest few of a hundred answers, at the price of a few answers
  /// more: choose an interval that most are faster than.
  ///
  /// The others are let go before the first element is passed on; completion without an element wins, too. An attempt
  /// that fails before is given up while another runs.
  ///
  /// **Demand.** Until it is decided, each is asked for one element; then the winner for all that was asked for here.
  /// **Failure.** When all that run have failed, with the error that came first; it is not hurried by another attempt.
  /// **Time.** `interval` begins with the first request, and ends with the first element: a slow consumer costs nothing.
  ///
  /// - Parameters:
  ///   - interval: how long to wait for a first element; a negative one traps.
  ///   - limit: the most runs at a time, the first included, at least 1; anything else traps.
  ///   - budget: bounds the attempts of all flows that share it.
  @inlinable
  public func hedge(after interval: Duration, max limit: Int, budget: HedgeBudget? = nil) -> Flow {
    precondition(interval >= .zero, "hedge(after: \(interval)): time does not run backwards")
    return hedge(max: limit, budget: budget) { _ in interval }
  }

  /// Runs the flow again, beside itself, when its first element has not come after the time that `delay` answers. See
  /// ``hedge(after:max:budget:)``.
  ///
  /// - Parameters:
  ///   - limit: the most runs at a time, the first included, at least 1; anything else traps.
  ///   - budget: bounds the attempts of all flows that share it.
  ///   - delay: asked when something is waited for, with the number of runs so far: how long to wait before the next.
  ///     From the times that were measured lately, say. `nil` for no further attempt.
  @inlinable
  public func hedge(
    max limit: Int, budget: HedgeBudget? = nil,
    after delay: @escaping @Sendable (_ attempts: Int) throws -> Duration?
  ) -> Flow {
    precondition(limit > 0, "hedge(max: \(limit)): the first attempt counts, so at least 1")
    return Flow { context in
      let hedge = Cell(Hedge(self, limit, budget, in: context))
      return { room in hedge.value.poll(&room, delay) }
    }
  }
}

/// The attempts of one run of `hedge`.
@usableFromInline
struct Hedge<Element: Sendable> {
  @usableFromInline let flow: Flow<Element>
  @usableFromInline let budget: HedgeBudget?
  @usableFromInline let alarm: Alarm
  @usableFromInline var runners: Runners<Element>
  @usableFromInline var attempts = 1
  /// No more than so many.
  @usableFromInline var limit: Int

  @inlinable
  init(_ flow: Flow<Element>, _ limit: Int, _ budget: HedgeBudget?, in context: FlowContext) {
    self.flow = flow
    self.budget = budget
    self.limit = limit
    alarm = context.alarm()
    runners = Runners(.firstSuccess, in: context)
    budget?.earn()
    runners.add(flow)
  }

  @inlinable
  mutating func poll(_ room: inout Chunk<Element>, _ delay: (Int) throws -> Duration?) -> Poll {
    while true {
      if runners.isDecided { return runners.poll(&room) }
      let isAsked = !room.isFull
      let poll = runners.poll(&room)
      if runners.isDecided || poll.isTerminal {
        alarm.clear()
        return poll
      }
      guard isAsked, attempts < limit else { return poll }
      if !alarm.isSet {
        do {
          if let delay = try delay(attempts) { alarm.set(after: delay) } else { limit = attempts }
        } catch { return .failed(error) }
      }
      guard alarm.isDue else { return poll }
      alarm.clear()
      guard budget?.spend() ?? true else {
        limit = attempts
        return poll
      }
      attempts &+= 1
      runners.add(flow)
    }
  }
}

/// How many further attempts the flows may make that share it: ``Flow/hedge(after:max:budget:)``.
///
/// ```swift
/// let budget = HedgeBudget(share: 0.1, reserve: 10)
/// let answer = question.hedge(after: .seconds(2), max: 2, budget: budget)
/// ```
///
/// Every run earns a share of an attempt, so that of ever so many slow runs no more than that share becomes more load.
public final class HedgeBudget: Sendable {
  /// In millionths of an attempt.
  private let balance: Guarded<Int>
  private let share: Int
  private let most: Int

  /// - Parameters:
  ///   - share: what part of an attempt a run earns, from 0 to 1; anything else traps.
  ///   - reserve: how many attempts are there at the beginning, and are saved at most; a negative number traps.
  public init(share: Double, reserve: Int) {
    precondition((0...1).contains(share), "HedgeBudget(share: \(share)): a share lies between 0 and 1")
    precondition(reserve >= 0, "HedgeBudget(reserve: \(reserve)): a reserve cannot be negative")
    self.share = Int((share * Double(Self.whole)).rounded())
    // Room for a sum.
    most = min(reserve, .max / Self.whole - 1) * Self.whole
    balance = Guarded(most)
  }

  /// How many attempts can be made now.
  public var available: Int { balance.change { $0 } / Self.whole }

  private static let whole = 1_000_000

  /// A run has begun.
  @usableFromInline
  package func earn() { balance.change { $0 = min(most, $0 + share) } }

  /// Whether an attempt may be made, which is paid for then.
  @usableFromInline
  package func spend() -> Bool {
    balance.change {
      guard $0 >= Self.whole else { return false }
      $0 -= Self.whole
      return true
    }
  }
}
