// No runs for a while, after too many have failed.

/// Watches how the runs end of all the flows that share it, and refuses them for a while when too many fail:
/// ``Flow/circuitBreaker(_:)``.
///
/// ```swift
/// let breaker = CircuitBreaker(window: 20, failureRate: 0.5, minimumCalls: 10, openFor: .seconds(30))
/// let answer = question.circuitBreaker(breaker)
/// ```
///
/// - **Closed**, it lets every run begin and remembers how the last ones ended. When there were enough of them, and too
///   many have failed, it opens.
/// - **Open**, it refuses every run, with ``CircuitOpen``. The first run that comes when that is over finds it half open.
/// - **Half open**, it lets so many runs begin as a probe, and refuses the others. When all of the probes have
///   succeeded, it closes and forgets; when one fails, it opens again.
///
/// A run succeeds when it completes, and fails when it fails, however many elements it has delivered. One that is
/// cancelled counts as neither, and so does an error that the breaker was not told to count. Nor does a run count that
/// ends when the breaker is not in the state any more in which it began.
public final class CircuitBreaker: Sendable {
  /// What a breaker does with runs.
  public enum State: Sendable, Equatable {
    case closed
    /// Refuses them. A run that comes at this instant or later is a probe.
    case open(until: FlowInstant)
    case halfOpen
  }

  private let circuit: Announced<Circuit, State>
  private let countIf: @Sendable (any Error) -> Bool

  /// - Parameters:
  ///   - window: how many of the last runs are remembered, at least 1; anything else traps.
  ///   - age: runs that ended longer ago do not count any more; `nil` for no limit.
  ///   - failureRate: the part of the remembered runs that must have failed for the breaker to open, more than 0 and at
  ///     most 1; anything else traps.
  ///   - minimumCalls: how many runs must be remembered before that is judged, from 1 to `window`; anything else traps.
  ///   - openFor: how long the breaker stays open; a negative duration traps.
  ///   - probes: how many runs are let in, and must succeed, before the breaker closes, at least 1; anything else traps.
  ///   - countIf: whether an error speaks against what is run. Every error does but `CancellationError`, unless stated
  ///     otherwise: think of those that are the caller's own fault.
  public init(
    window: Int, within age: Duration? = nil, failureRate: Double, minimumCalls: Int, openFor: Duration,
    probes: Int = 1, countIf: @escaping @Sendable (any Error) -> Bool = { !($0 is CancellationError) }
  ) {
    precondition(window > 0, "CircuitBreaker(window: \(window)): at least one run must be remembered")
    precondition(
      failureRate > 0 && failureRate <= 1,
      "CircuitBreaker(failureRate: \(failureRate)): a rate is more than 0 and at most 1")
    precondition(
      (1...window).contains(minimumCalls),
      "CircuitBreaker(minimumCalls: \(minimumCalls)): between 1 and the window of \(window)")
    precondition(openFor >= .zero, "CircuitBreaker(openFor: \(openFor)): time does not run backwards")
    precondition(probes > 0, "CircuitBreaker(probes: \(probes)): without a probe it would never close")
    let circuit = Circuit(
      Outcomes(window, within: age), failureRate: failureRate, minimumCalls: minimumCalls, openFor: openFor,
      probes: probes)
    self.circuit = Announced(circuit, telling: .closed, buffer: 16)
    self.countIf = countIf
  }

  /// The state as it is, and then what it becomes. Who is slow misses the oldest of more than sixteen changes.
  public var states: Flow<State> { circuit.flow }

  /// What is going on at a breaker.
  public struct Snapshot: Sendable, Equatable {
    public let state: State
    /// How many runs are remembered, as of the last that ended.
    public let calls: Int
    /// How many of them have failed.
    public let failures: Int
    /// How many probes are under way.
    public let probing: Int
  }

  /// What is going on now.
  public var snapshot: Snapshot { circuit.change { circuit, _ in circuit.snapshot } }

  /// Closes the breaker, and forgets what it remembers.
  public func reset() { circuit.change { circuit, news in circuit.close(&news) } }

  @usableFromInline
  func enter(_ context: FlowContext) -> Admission {
    let now = context.now
    let call = Call(self, context, circuit.change { circuit, news in circuit.begin(at: now, &news) })
    context.scope.own(call)
    return call
  }

  private func end(_ ticket: Circuit.Ticket, _ outcome: Circuit.Outcome, at now: FlowInstant) {
    circuit.change { circuit, news in circuit.end(ticket, outcome, at: now, &news) }
  }

  /// One run.
  // All that it has is constant, but for what is guarded.
  private final class Call: Admission, @unchecked Sendable {
    private let breaker: CircuitBreaker
    private let entry: Result<Circuit.Ticket, CircuitOpen>
    /// The first end counts: a cancellation may come while the driver notes another.
    private let hasEnded = Guarded(false)

    init(_ breaker: CircuitBreaker, _ context: FlowContext, _ entry: Result<Circuit.Ticket, CircuitOpen>) {
      self.breaker = breaker
      self.entry = entry
      super.init(context)
    }

    override func ask() -> Answer {
      switch entry {
      case .success: .granted
      case .failure(let error): .refused(error)
      }
    }

    override func note(_ poll: Poll) {
      switch poll {
      case .finished: end(.success)
      case .failed(let error): end(breaker.countIf(error) ? .failure : .neither)
      case .more, .pending: break
      }
    }

    override func release() { end(.neither) }

    private func end(_ outcome: Circuit.Outcome) {
      guard case .success(let ticket) = entry else { return }
      let isFirst = hasEnded.change { hasEnded in
        defer { hasEnded = true }
        return !hasEnded
      }
      if isFirst { breaker.end(ticket, outcome, at: context.now) }
    }
  }
}

/// A circuit breaker refuses a run.
public struct CircuitOpen: Error, Equatable, CustomStringConvertible {
  /// When it will let one in; `nil` when that depends on the probes that are under way.
  public let retryAfter: Duration?
  public init(retryAfter: Duration?) { self.retryAfter = retryAfter }
  public var description: String {
    "too many runs have failed: "
      + (retryAfter.map { "come again in \($0)" } ?? "others are finding out whether it is over")
  }
}

extension Flow {
  /// Runs the flow unless `breaker` refuses that, which learns how the run ends.
  ///
  ///     source             -a-#
  ///     circuitBreaker(1)  -a-(xx|)
  ///
  /// with a breaker that opens after one failure, and the flow run three times behind it: x stands for a refusal.
  ///
  /// **Failure.** With ``CircuitOpen`` when the breaker refuses the run.
  @inlinable
  public func circuitBreaker(_ breaker: CircuitBreaker) -> Flow { admitted { breaker.enter($0) } }
}
