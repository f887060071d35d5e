// No runs for a while, after too many have failed.
import FlowTesting
import Testing

@testable import Flows

private struct Refused: Error {}
private struct OwnFault: Error {}

@Suite struct CircuitBreakerTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  private func breaker(
    window: Int = 4, within age: Duration? = nil, minimumCalls: Int = 2, probes: Int = 1
  ) -> CircuitBreaker {
    CircuitBreaker(
      window: window, within: age, failureRate: 0.5, minimumCalls: minimumCalls, openFor: .milliseconds(10),
      probes: probes, countIf: { !($0 is OwnFault) })
  }

  private func elapsed(_ milliseconds: Int) { time.advance(by: .milliseconds(milliseconds)) }

  private func at(_ milliseconds: Int64) -> FlowInstant { FlowInstant(nanoseconds: milliseconds * 1_000_000) }

  private func record(_ breaker: CircuitBreaker, demand: FlowDemand = .unlimited) -> Recording<Int> {
    source.flow.circuitBreaker(breaker).record(in: time, demand: demand)
  }

  /// Runs the source to its end.
  private func run(_ breaker: CircuitBreaker, failing error: (any Error)? = nil) {
    let seen = record(breaker)
    if let error { source.fail(error) } else { source.finish() }
    #expect(seen.isOver)
  }

  @Test func `refuses runs after too many have failed`() throws {
    let breaker = CircuitBreaker(window: 1, failureRate: 1, minimumCalls: 1, openFor: .milliseconds(10))
    try marbles(
      """
      source             -a-#
      circuitBreaker(1)  -a-(xx|)
      """
    ) { sources in
      sources["source"].circuitBreaker(breaker).catch { error in
        if error is CircuitOpen { .just("x") } else { .empty() }
      }.repeat(3)
    }
  }

  @Test func `asks for what was asked for, and lets the source go`() throws {
    let breaker = breaker()
    let seen = record(breaker, demand: 2)
    #expect(source.asked == 2)
    source.send(1, 2)
    try seen.expect(1, 2)
    seen.request(1)
    #expect(source.asked == 1)
    seen.cancel()
    try source.expectReleased()
    #expect(breaker.snapshot == .init(state: .closed, calls: 0, failures: 0, probing: 0))
  }

  @Test func `judges when enough has been seen, by the rate of the last runs`() throws {
    let breaker = breaker(window: 4, minimumCalls: 3)
    run(breaker, failing: Refused())
    run(breaker, failing: Refused())
    #expect(breaker.snapshot == .init(state: .closed, calls: 2, failures: 2, probing: 0))
    // A success may be what makes it enough.
    run(breaker)
    #expect(breaker.snapshot.state == .open(until: at(10)))

    let wide = self.breaker(window: 4, minimumCalls: 4)
    for isFailure in [true, false, false, false, false, true] {
      run(wide, failing: isFailure ? Refused() : nil)
    }
    #expect(wide.snapshot == .init(state: .closed, calls: 4, failures: 1, probing: 0))
    run(wide, failing: Refused())
    #expect(wide.snapshot.state == .open(until: at(10)))
  }

  @Test func `forgets what is too old`() throws {
    let breaker = breaker(window: 10, within: .milliseconds(5))
    run(breaker, failing: Refused())
    elapsed(6)
    run(breaker)
    run(breaker)
    run(breaker, failing: Refused())
    #expect(breaker.snapshot == .init(state: .closed, calls: 3, failures: 1, probing: 0))
  }

  @Test func `a failure after elements counts, a cancellation and an own fault do not`() throws {
    let breaker = breaker(window: 1, minimumCalls: 1)
    record(breaker).cancel()
    run(breaker, failing: OwnFault())
    #expect(breaker.snapshot == .init(state: .closed, calls: 0, failures: 0, probing: 0))
    let seen = record(breaker)
    source.send(1)
    source.fail(Refused())
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
    #expect(breaker.snapshot.state == .open(until: at(10)))
    try source.expectReleased()
  }

  @Test func `says when to come again, and starts nothing before`() throws {
    let breaker = breaker(window: 1, minimumCalls: 1)
    run(breaker, failing: Refused())
    elapsed(4)
    let refused = record(breaker, demand: 0)
    let error = try refused.expectFailure(CircuitOpen.self, at: .milliseconds(4))
    #expect(error == CircuitOpen(retryAfter: .milliseconds(6)))
    #expect(error.description == "too many runs have failed: come again in 0.006 seconds")
    #expect(source.subscriptions == 1 && time.pendingTimers == 0)
  }

  @Test func `half open, it lets so many runs in, and closes when all have succeeded`() throws {
    let breaker = breaker(window: 1, minimumCalls: 1, probes: 2)
    run(breaker, failing: Refused())
    elapsed(10)
    let first = TestFlow<Int>("first")
    let second = TestFlow<Int>("second")
    let probes = [first, second].map { $0.flow.circuitBreaker(breaker).record(in: time) }
    #expect(breaker.snapshot == .init(state: .halfOpen, calls: 1, failures: 1, probing: 2))
    let refused = record(breaker)
    #expect(try refused.expectFailure(CircuitOpen.self) == CircuitOpen(retryAfter: nil))
    first.finish()
    #expect(breaker.snapshot.state == .halfOpen)
    // One has succeeded, one is under way: that is all.
    try record(breaker).expectFailure(CircuitOpen.self)
    second.finish()
    #expect(breaker.snapshot == .init(state: .closed, calls: 0, failures: 0, probing: 0))
    for probe in probes { try probe.expectFinished() }
  }

  @Test func `a probe that fails opens it again, and one that is cancelled gives its place back`() throws {
    let breaker = breaker(window: 1, minimumCalls: 1)
    run(breaker, failing: Refused())
    elapsed(10)
    record(breaker).cancel()
    #expect(breaker.snapshot.probing == 0)
    run(breaker, failing: OwnFault())
    #expect(breaker.snapshot.state == .halfOpen)
    run(breaker, failing: Refused())
    #expect(breaker.snapshot.state == .open(until: at(20)))
    elapsed(10)
    run(breaker)
    #expect(breaker.snapshot.state == .closed)
  }

  @Test func `a run that began in another state does not count`() throws {
    let breaker = breaker(window: 1, minimumCalls: 1)
    let old = TestFlow<Int>("old")
    let seen = old.flow.circuitBreaker(breaker).record(in: time)
    run(breaker, failing: Refused())
    elapsed(10)
    let probe = record(breaker)
    old.fail(Refused())
    #expect(breaker.snapshot.state == .halfOpen && breaker.snapshot.probing == 1)
    source.finish()
    #expect(breaker.snapshot.state == .closed)
    try seen.expectFailure(Refused.self)
    try probe.expectFinished()
  }

  @Test func `its states are a flow, in order, from the present one on`() throws {
    let breaker = breaker(window: 1, minimumCalls: 1)
    let states = breaker.states.record(in: time)
    run(breaker, failing: Refused())
    elapsed(10)
    run(breaker)
    try states.expect(.closed, .open(until: at(10)), .halfOpen, .closed)
    let later = breaker.states.record(in: time)
    try later.expect(.closed)
    run(breaker, failing: Refused())
    breaker.reset()
    try later.expect(.open(until: at(20)), .closed)
    #expect(breaker.snapshot == .init(state: .closed, calls: 0, failures: 0, probing: 0))
  }

  @Test func `the flow of its states is complete when it is let go`() throws {
    var breaker: CircuitBreaker? = breaker()
    let states = try #require(breaker).states.record(in: time)
    breaker = nil
    try states.expect(.closed)
    try states.expectFinished()
  }
}
