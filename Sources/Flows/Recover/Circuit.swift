// What a circuit breaker knows. No lock, no clock: time comes in.

/// How the last runs ended.
struct Outcomes {
  private let limit: Int
  private let age: Duration?
  /// In a circle: the oldest stands at `oldest`.
  private var all: [(instant: FlowInstant, hasFailed: Bool)] = []
  private var oldest = 0
  private(set) var count = 0
  private(set) var failures = 0

  /// The part that failed, when there are any.
  var failureRate: Double { Double(failures) / Double(count) }

  init(_ limit: Int, within age: Duration?) {
    self.limit = limit
    self.age = age
  }

  mutating func note(hasFailed: Bool, at now: FlowInstant) {
    forget(before: now)
    if count == limit { forgetOldest() }
    let place = (oldest + count) % limit
    if place == all.count { all.append((now, hasFailed)) } else { all[place] = (now, hasFailed) }
    count += 1
    if hasFailed { failures += 1 }
  }

  mutating func forgetAll() {
    all = []
    oldest = 0
    count = 0
    failures = 0
  }

  private mutating func forget(before now: FlowInstant) {
    guard let age else { return }
    while count > 0, all[oldest].instant.duration(to: now) > age { forgetOldest() }
  }

  private mutating func forgetOldest() {
    if all[oldest].hasFailed { failures -= 1 }
    oldest = (oldest + 1) % limit
    count -= 1
  }
}

/// The state of a circuit breaker.
struct Circuit {
  enum Outcome { case success, failure, neither }

  /// The state in which a run began.
  struct Ticket { fileprivate let turn: Int }

  private var outcomes: Outcomes
  private let failureRate: Double
  private let minimumCalls: Int
  private let openFor: Duration
  private let probes: Int
  private var state = CircuitBreaker.State.closed
  /// How often the state has changed.
  private var turn = 0
  private var probing = 0
  private var probesSucceeded = 0

  init(_ outcomes: Outcomes, failureRate: Double, minimumCalls: Int, openFor: Duration, probes: Int) {
    self.outcomes = outcomes
    self.failureRate = failureRate
    self.minimumCalls = minimumCalls
    self.openFor = openFor
    self.probes = probes
  }

  var snapshot: CircuitBreaker.Snapshot {
    CircuitBreaker.Snapshot(
      state: state, calls: outcomes.count, failures: outcomes.failures, probing: probing)
  }

  mutating func begin(
    at now: FlowInstant, _ news: inout [CircuitBreaker.State]
  ) -> Result<Ticket, CircuitOpen> {
    if case .open(let until) = state {
      if now < until { return .failure(CircuitOpen(retryAfter: now.duration(to: until))) }
      become(.halfOpen, &news)
    }
    if state == .halfOpen {
      if probing + probesSucceeded >= probes { return .failure(CircuitOpen(retryAfter: nil)) }
      probing += 1
    }
    return .success(Ticket(turn: turn))
  }

  mutating func end(
    _ ticket: Ticket, _ outcome: Outcome, at now: FlowInstant, _ news: inout [CircuitBreaker.State]
  ) {
    guard ticket.turn == turn else { return }
    switch (state, outcome) {
    case (.open, _), (.closed, .neither): break
    case (.closed, _):
      outcomes.note(hasFailed: outcome == .failure, at: now)
      if outcomes.count >= minimumCalls, outcomes.failureRate >= failureRate {
        open(at: now, &news)
      }
    case (.halfOpen, .neither): probing -= 1
    case (.halfOpen, .failure): open(at: now, &news)
    case (.halfOpen, .success):
      probing -= 1
      probesSucceeded += 1
      if probesSucceeded == probes { close(&news) }
    }
  }

  mutating func close(_ news: inout [CircuitBreaker.State]) {
    outcomes.forgetAll()
    become(.closed, &news)
  }

  private mutating func open(at now: FlowInstant, _ news: inout [CircuitBreaker.State]) {
    become(.open(until: now.advanced(by: openFor)), &news)
  }

  private mutating func become(_ state: CircuitBreaker.State, _ news: inout [CircuitBreaker.State]) {
    if state != self.state { news.append(state) }
    self.state = state
    turn += 1
    probing = 0
    probesSucceeded = 0
  }
}
