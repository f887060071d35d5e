// A time that nobody waits for, and one that nobody should ask for.
import FlowTesting
import Flows
import Testing

@Suite struct SchedulersTests {
  // MARK: ImmediateScheduler

  @Test(.timeLimit(.minutes(10))) func `nobody waits`() async throws {
    let time = ImmediateScheduler()
    let began = ContinuousClock.now
    let flow = Flow<FlowTick>.timer(after: .seconds(3600)).map(\.number).append(.from([2, 3]))
    #expect(try await flow.delay(for: .seconds(7200)).scheduler(time).collect() == [1, 2, 3])
    #expect(time.now >= .milliseconds(3 * 3600 * 1000))
    #expect(ContinuousClock.now - began < .seconds(3600))
  }

  @Test func `a retry with delays comes to its end`() async throws {
    let policy = RetryPolicy(maxAttempts: 3, backoff: .constant(.seconds(60)))
    await #expect(throws: RetryExhausted.self) {
      try await Flow<Int>.fail(MarbleError()).retry(policy).scheduler(ImmediateScheduler()).collect()
    }
  }

  @Test func `timers ring by instant, then as they were set`() {
    let (time, log) = (ImmediateScheduler(), Log())
    @Sendable func at(_ seconds: Int64, _ name: String) {
      _ = time.schedule(at: .milliseconds(seconds * 1000)) { log.note("\(name) at \(time.now.milliseconds)") }
    }
    time.execute {
      at(2, "b")
      at(1, "a")
      at(2, "c")
      time.execute { log.note("work") }
      log.note("set")
    }
    #expect(log.lines == ["set", "work", "a at 1000", "b at 2000", "c at 2000"])
    at(1, "late")
    #expect(log.lines.last == "late at 2000")
  }

  @Test func `a timer that was cancelled in time does not ring`() {
    let (time, log) = (ImmediateScheduler(), Log())
    time.execute {
      let timer = time.schedule(at: .milliseconds(5)) { log.note("rang") }
      #expect(time.cancel(timer))
      #expect(!time.cancel(timer))
    }
    #expect(log.lines == [] && time.now == .milliseconds(0))
  }

  @Test func `a deadline that is never is never`() {
    let (time, log) = (ImmediateScheduler(), Log())
    _ = time.schedule(at: .distantFuture) { log.note("rang") }
    #expect(log.lines == [])
  }

  // MARK: UnimplementedScheduler

  @Test func `a flow without time leaves it alone`() async throws {
    let noTime = UnimplementedScheduler { Issue.record("\($0)") }
    let flow = Flow.from(1...100).map { $0 * 2 }.filter { $0 % 3 == 0 }.scan(0, +).merge(with: .just(7))
    _ = try await flow.scheduler(noTime).collect()
    let source = TestFlow<Int>()
    let subscription = source.flow.prefix(2).scheduler(noTime).subscribe { _ in }
    source.send(1, 2)
    #expect(subscription.isEnded)
    try noTime.expectUntouched()
  }

  @Test func `says which timer was set`() throws {
    let log = Log()
    let noTime = UnimplementedScheduler { log.note("\($0)") }
    let subscription = Flow.just(1).delay(for: .seconds(3)).scheduler(noTime).subscribe { _ in }
    #expect(noTime.touches.contains(.timer(after: .seconds(3))))
    #expect(log.lines.contains("a timer was set for 3.0 seconds, in a flow that has nothing to do with time"))
    #expect(throws: Unmet.self) { try noTime.expectUntouched() }
    #expect(!subscription.isEnded)
  }
}
