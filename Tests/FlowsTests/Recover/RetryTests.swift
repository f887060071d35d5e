// Again after a failure.
import FlowTesting
import Synchronization
import Testing

@testable import Flows

private struct Refused: Error, Equatable {
  var retryAfter: Duration?
}

@Suite struct RetryTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  func elapsed(_ milliseconds: Int) { time.advance(by: .milliseconds(milliseconds)) }

  /// Attempts that are three milliseconds apart.
  func policy(_ attempts: Int) -> RetryPolicy {
    RetryPolicy(maxAttempts: attempts, backoff: .constant(.milliseconds(3)))
  }

  // MARK: Attempts

  @Test func `runs a flow again when it fails`() throws {
    try marbles(
      """
      source    -#
      retry(2)  ---#
      """
    ) { $0["source"].retry(2) }
  }

  @Test func `waits before it does`() throws {
    try marbles(
      """
      source                   -#
      retry(3 attempts, 3 ms)  ---------#
      """
    ) { $0["source"].retry(policy(3)) }
  }

  @Test func `goes on as if nothing had happened when an attempt succeeds`() throws {
    let seen = source.flow.retry(policy(3)).record(in: time)
    source.fail()
    #expect(!source.isActive && time.pendingTimers == 1)
    try source.expectReleased()
    elapsed(3)
    #expect(source.subscriptions == 2 && time.pendingTimers == 0)
    source.send(1, 2)
    source.finish()
    try seen.expect(1, 2, at: .milliseconds(3))
    try seen.expectFinished()
    try seen.done()
    try source.expectReleased()
  }

  @Test func `says so when the attempts are used up`() throws {
    let seen = source.flow.retry(policy(3)).record(in: time)
    for number in 1...3 {
      source.fail(Refused(retryAfter: .seconds(number)))
      elapsed(3)
    }
    let error = try seen.expectFailure(RetryExhausted.self, at: .milliseconds(6))
    #expect(error.last as? Refused == Refused(retryAfter: .seconds(3)))
    #expect(error.attempts == 3 && error.delays == [.milliseconds(3), .milliseconds(3)])
    #expect(error.description == "gave up after 3 attempts: \(error.last)")
    #expect(source.subscriptions == 3)
    try seen.done()
    try source.expectReleased()
  }

  @Test func `asks every attempt for what is still asked for`() throws {
    let seen = source.flow.retry(policy(3), after: .anything).record(in: time, demand: 3)
    source.send(1)
    source.fail()
    elapsed(3)
    #expect(source.asked == 2)
    source.send(2)
    seen.request(2)
    #expect(source.asked == 3)
    source.fail()
    seen.request(1)
    elapsed(3)
    #expect(source.asked == 4)
  }

  @Test func `needs no demand to try again`() throws {
    let seen = source.flow.retry(policy(2)).record(in: time, demand: .none)
    source.fail()
    elapsed(3)
    #expect(source.subscriptions == 2)
    source.finish()
    try seen.expectFinished()
  }

  @Test func `a wait ends when the run is cancelled`() throws {
    let seen = source.flow.retry(policy(3)).record(in: time)
    source.fail()
    seen.cancel()
    #expect(time.pendingTimers == 0)
    elapsed(100)
    #expect(source.subscriptions == 1)
    try seen.done()
  }

  @Test func `hundreds of thousands of attempts overflow no stack`() throws {
    let seen = Flow<Int>.fail(Refused()).retry(300_000).record(in: time)
    let error = try seen.expectFailure(RetryExhausted.self)
    #expect(error.attempts == 300_001 && error.delays.count == 1000)
  }

  // MARK: What is retried

  @Test func `passes on the error itself when something was delivered`() throws {
    let seen = source.flow.retry(policy(3)).record(in: time)
    source.send(1)
    source.fail(Refused())
    try seen.expect(1)
    try seen.expectFailure(Refused.self, at: .zero)
    #expect(source.subscriptions == 1 && time.pendingTimers == 0)
  }

  @Test func `passes on the error itself when the element came with it, and when it came earlier`() throws {
    let failing = Flow<Int> { _ in
      { room in
        if !room.isFull { room.append(1) }
        return .failed(Refused())
      }
    }
    let seen = failing.retry(3).record(in: time)
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
    let second = source.flow.retry(policy(5)).record(in: time)
    source.fail()
    elapsed(3)
    source.send(2)
    source.fail(Refused())
    try second.expect(2)
    try second.expectFailure(Refused.self)
  }

  @Test func `begins again after elements when that is allowed`() throws {
    try marbles(
      """
      source  -a-b#
      retry   -a-b-a-b#
      """
    ) { $0["source"].retry(1, after: .anything) }
  }

  @Test func `resumes behind all that was delivered`() throws {
    let asked = Mutex<[[Int]]>([])
    let rest = TestFlow<Int>("rest")
    let seen = source.flow.retry(
      policy(4),
      after: .resume { emitted in
        asked.withLock { $0.append(emitted) }
        return rest.flow
      }
    ).record(in: time, demand: 5)
    source.fail()
    elapsed(3)
    // Nothing was delivered: the flow itself, once more.
    #expect(source.subscriptions == 2 && rest.subscriptions == 0)
    source.send(1, 2)
    source.fail()
    elapsed(3)
    #expect(rest.asked == 3)
    rest.send(3)
    rest.fail()
    elapsed(3)
    rest.send(4)
    rest.finish()
    try seen.expect(1, 2)
    try seen.expect(3, 4)
    try seen.expectFinished()
    #expect(asked.withLock { $0 } == [[1, 2], [1, 2, 3]])
    try source.expectReleased()
    try rest.expectReleased()
  }

  @Test func `fails with what resuming throws`() throws {
    let seen = source.flow.retry(1, after: .resume { _ in throw Refused() }).record(in: time)
    source.send(1)
    source.fail()
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
  }

  @Test func `passes on an error that is not worth it, and a cancellation`() throws {
    var choosy = policy(3)
    choosy.retryIf = { !($0 is Refused) }
    let seen = source.flow.retry(choosy).record(in: time)
    source.fail(Refused())
    try seen.expectFailure(Refused.self)
    let cancelled = source.flow.retry(policy(3)).record(in: time)
    source.fail(CancellationError())
    try cancelled.expectFailure(CancellationError.self)
    #expect(source.subscriptions == 2)
  }

  @Test func `never hears of errors of the consumer or of operators downstream`() throws {
    let retried = source.flow.retry(policy(3), after: .anything)
    let seen = retried.map { (_: Int) -> Int in throw Refused() }.record(in: time)
    source.send(1)
    try seen.expectFailure(Refused.self)
    let subscription = retried.subscribe { _ in throw Refused() }
    source.send(1)
    #expect(subscription.isEnded)
    elapsed(100)
    #expect(source.subscriptions == 2)
    try source.expectReleased()
  }

  // MARK: Time

  @Test func `waits as long as the error asks`() throws {
    var patient = policy(3)
    patient.delayFrom = { ($0 as? Refused)?.retryAfter }
    patient.delayCap = .milliseconds(50)
    let seen = source.flow.retry(patient).record(in: time)
    // Up to the next millisecond, never early.
    source.fail(Refused(retryAfter: .microseconds(7001)))
    elapsed(7)
    #expect(source.subscriptions == 1)
    elapsed(1)
    #expect(source.subscriptions == 2)
    source.fail(Refused(retryAfter: .seconds(3600)))
    elapsed(50)
    #expect(source.subscriptions == 3)
    source.fail()
    let error = try seen.expectFailure(RetryExhausted.self)
    #expect(error.delays == [.milliseconds(8), .milliseconds(50)])
  }

  @Test func `begins no attempt beyond its budget`() throws {
    var short = policy(100)
    short.totalBudget = .milliseconds(10)
    let seen = source.flow.retry(short).record(in: time)
    for _ in 0..<3 {
      source.fail(Refused())
      elapsed(3)
    }
    #expect(source.subscriptions == 4)
    // The next would begin at 12.
    source.fail(Refused())
    let error = try seen.expectFailure(RetryExhausted.self, at: .milliseconds(9))
    #expect(error.attempts == 4)
  }

  @Test func `counts from the beginning after a first value when told to`() throws {
    var forgiving = policy(2)
    forgiving.resetAfter = .firstValue
    let seen = source.flow.retry(forgiving, after: .anything).record(in: time)
    for number in 0..<10 {
      source.send(number)
      source.fail(Refused())
      elapsed(3)
    }
    #expect(source.subscriptions == 11)
    // This one brought nothing, and is the second since the last value.
    source.fail(Refused())
    #expect(seen.elements == Array(0..<10))
    for number in 0..<10 { try seen.expect(number) }
    #expect(try seen.expectFailure(RetryExhausted.self).attempts == 2)
  }
}
