// Sources that were told beforehand what to do, and tests that overlook nothing.
import FlowTesting
import Flows
import Testing

@Suite struct ScriptTests {
  let time = VirtualTime()

  /// What a server says that wants to be left alone.
  struct Overloaded: Error, Equatable { let retryAfter: Duration }

  @Test func `does what the script says, when it says so`() throws {
    let source = TestFlow<String>(
      in: time, runs: [.send("a"), .wait(.seconds(1)), .send("b", "c"), .wait(.seconds(2)), .finish])
    try source.flow.test(in: time) { seen in
      try seen.expect("a", at: .zero)
      time.advance(by: .seconds(3))
      try seen.expect("b", "c", at: .seconds(1))
      try seen.expectFinished(at: .seconds(3))
    }
    try source.expectReleased()
  }

  @Test func `time passes before each of several elements`() throws {
    let source = TestFlow<Int>(in: time, runs: [.send(1, 2, every: .seconds(1)), .send(3), .fail()])
    try source.flow.test(in: time) { seen in
      time.advance(by: .seconds(5))
      try seen.expect(1, at: .seconds(1))
      try seen.expect(2, 3, at: .seconds(2))
      try seen.expectFailure(MarbleError.self, at: .seconds(2))
    }
  }

  @Test func `each run has its own script, and those that follow have the last`() throws {
    let source = TestFlow<Int>(in: time, runs: [.send(1), .finish], [.send(2), .finish])
    #expect(try time.run { try await source.flow.repeat(4).collect() } == [1, 2, 2, 2])
    #expect(source.subscriptions == 4)
  }

  @Test func `without an end it stalls`() throws {
    let source = TestFlow<Int>(in: time, runs: [.send(1), .wait(.seconds(1))])
    let time = time
    #expect(throws: StuckFlow.self) { _ = try time.run { try await source.flow.collect() } }
    try source.expectReleased()
  }

  @Test func `waits for demand like any other`() throws {
    let source = TestFlow<Int>(in: time, runs: [.send(1, 2), .finish])
    try source.flow.test(in: time, demand: 1) { seen in
      try seen.expect(1)
      #expect(source.sent == 1)
      seen.request(1)
      try seen.expect(2)
      try seen.expectFinished()
    }
  }

  @Test func `one that was left says nothing any more, unless it misbehaves`() throws {
    let source = TestFlow<Int>(in: time, runs: [.wait(.seconds(1)), .send(1)])
    let seen = source.flow.record(in: time)
    seen.cancel()
    time.advance(by: .seconds(2))
    try seen.done()
    try source.expectReleased()
  }

  @Test func `a server that asks for patience is asked again when it said so`() throws {
    let source = TestFlow<Int>(
      in: time, runs: [.wait(.seconds(1)), .fail(Overloaded(retryAfter: .seconds(30)))], [.send(1), .finish])
    let policy = RetryPolicy(maxAttempts: 2, delayFrom: { ($0 as? Overloaded)?.retryAfter })
    try source.flow.retry(policy).test(in: time) { seen in
      try seen.expectNothing(for: .seconds(30))
      time.advance(by: .seconds(1))
      try seen.expect(1, at: .seconds(31))
      try seen.expectFinished()
    }
  }

  // MARK: test(in:)

  @Test func `what was not expected is an error`() throws {
    let error = try #require(throws: Unmet.self) {
      try Flow.from([1, 2]).test(in: time) { try $0.expect(1) }
    }
    #expect(error.description.hasPrefix("not expected: 2 at 0.0 seconds, completion"))
    try Flow.from([1, 2]).test(in: time) { seen in
      let first = try seen.takeElement()
      #expect(first == 1)
      seen.ignoreRest()
    }
  }

  @Test func `a flow that goes on is cancelled`() throws {
    let source = TestFlow<Int>()
    try source.flow.test(in: time) { seen in
      source.send(1)
      try seen.expect(1)
    }
    #expect(source.cancellations == 1)
    try source.expectReleased()
  }

  @Test func `a timer that is left behind is an error`() throws {
    let flow = Flow<Int> { context in
      _ = context.scheduler.schedule(at: FlowInstant(nanoseconds: 1_000_000_000_000)) {}
      return { _ in .pending }
    }
    let error = try #require(throws: Unmet.self) { try flow.test(in: time) { _ in } }
    #expect(error.description == "1 timers are still set by a run that is over")
  }

  @Test func `something that comes in a silence is an error`() throws {
    let error = try #require(throws: Unmet.self) {
      try Flow<FlowTick>.timer(after: .seconds(2)).test(in: time) { try $0.expectNothing(for: .seconds(3)) }
    }
    #expect(error.description.hasPrefix("expected nothing"))
    let other = try #require(throws: Unmet.self) {
      try Flow<Int>.empty().test(in: time) { _ = try $0.takeElement() }
    }
    #expect(other.description.hasPrefix("expected an element, but completion"))
  }
}
