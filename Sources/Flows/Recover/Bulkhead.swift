// So many runs at a time.

/// Lets so many runs be under way at a time, of all the flows that share it: ``Flow/bulkhead(_:)``.
///
/// ```swift
/// let few = Bulkhead(maxConcurrent: 4, maxWaiting: 100)
/// let answer = question.bulkhead(few)
/// ```
///
/// Those that come when it is full wait in a line, first come, first served. A run that is cancelled leaves the line, or
/// its place inside.
public final class Bulkhead: Sendable {
  private let turnstile: Turnstile<Permits>
  /// The most runs at a time.
  public let maxConcurrent: Int
  /// The most runs that wait.
  public let maxWaiting: Int

  /// - Parameters:
  ///   - limit: the most runs at a time, at least 1; anything else traps.
  ///   - waitingLimit: the most runs that wait; those that come then fail with ``BulkheadFull``. With zero none waits; a
  ///     negative number traps.
  public init(maxConcurrent limit: Int, maxWaiting waitingLimit: Int) {
    precondition(limit > 0, "Bulkhead(maxConcurrent: \(limit)): at least one run must be let in")
    precondition(
      waitingLimit >= 0, "Bulkhead(maxWaiting: \(waitingLimit)): no negative number of runs can wait")
    maxConcurrent = limit
    maxWaiting = waitingLimit
    turnstile = Turnstile(Permits(limit: limit))
  }

  /// What is going on at a bulkhead.
  public struct Snapshot: Sendable, Equatable {
    /// How many runs are under way.
    public let inUse: Int
    /// How many runs wait.
    public let waiting: Int
  }

  /// What is going on now.
  public var snapshot: Snapshot {
    turnstile.look { permits, waiting, _ in Snapshot(inUse: permits.inUse, waiting: waiting) }
  }

  @usableFromInline
  func enter(_ context: FlowContext) -> Admission { turnstile.enter(context, maxWaiting: maxWaiting) }
}

/// A bulkhead has no place for a run, neither inside nor in its line.
public struct BulkheadFull: Error, Equatable, CustomStringConvertible {
  /// The most runs at a time.
  public let limit: Int
  public init(limit: Int) { self.limit = limit }
  public var description: String { "\(limit) runs are under way, and no more may wait" }
}

extension Flow {
  /// Starts the flow when `bulkhead` has a place for its run, and holds that until the end of the run.
  ///
  ///     a            -1-2-|
  ///     b            -3-4-|
  ///     bulkhead(1)  -1-2--3-4-|
  ///
  /// with both flows behind the same bulkhead, and merged.
  ///
  /// The place is given back before the end is passed on. **Failure.** With ``BulkheadFull`` when there is no place to
  /// wait. **Place.** A run that had to wait goes on where its scheduler runs work.
  @inlinable
  public func bulkhead(_ bulkhead: Bulkhead) -> Flow { admitted { bulkhead.enter($0) } }
}

/// So many at a time.
private struct Permits: TurnstileRule {
  let limit: Int
  var inUse = 0

  init(limit: Int) { self.limit = limit }

  mutating func admit(_ weight: Int, at now: FlowInstant) -> Bool {
    guard inUse < limit else { return false }
    inUse += 1
    return true
  }

  func opening(for weight: Int, behind ahead: Int128, at now: FlowInstant) -> FlowInstant? {
    inUse < limit ? now : nil
  }

  mutating func leave(_ weight: Int) -> Bool {
    inUse -= 1
    return true
  }

  func refusal(until opening: FlowInstant?, at now: FlowInstant) -> any Error { BulkheadFull(limit: limit) }
}
