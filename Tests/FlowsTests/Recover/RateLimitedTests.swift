// A flow that begins no more often than a limiter allows.
import FlowTesting
import Testing

@testable import Flows

@Suite struct RateLimitedTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  /// A token every three milliseconds, and two at first.
  let limiter = RateLimiter(1, every: .milliseconds(3), burst: 2)

  private func record(
    _ policy: RateLimitPolicy = .wait, weight: Int = 1, demand: FlowDemand = .unlimited
  ) -> Recording<Int> {
    source.flow.rateLimited(limiter, weight: weight, whenExceeded: policy).record(in: time, demand: demand)
  }

  private func elapsed(_ milliseconds: Int) { time.advance(by: .milliseconds(milliseconds)) }

  @Test func `lets runs begin at a rate`() throws {
    let limiter = RateLimiter(1, every: .milliseconds(3), burst: 1)
    try marbles(
      """
      source          a|
      rateLimited(3)  a--a--a|
      """
    ) { $0["source"].rateLimited(limiter, whenExceeded: .wait).repeat(3) }
  }

  @Test func `lets in as many at once as the bucket holds, and only the first of the others has a timer`()
    throws
  {
    let all = (0..<6).map { _ in record(demand: 3) }
    #expect(source.subscriptions == 2 && source.asked == 6)
    #expect(time.pendingTimers == 1)
    #expect(limiter.snapshot == .init(available: 0, waiting: 4, pausedUntil: nil))
    for count in 3...6 {
      elapsed(2)
      #expect(source.subscriptions == count - 1)
      elapsed(1)
      #expect(source.subscriptions == count)
    }
    #expect(time.pendingTimers == 0)
    for recording in all { recording.cancel() }
    try source.expectReleased()
  }

  @Test func `needs no demand to begin`() throws {
    let seen = record(weight: 2, demand: 0)
    let second = record(demand: 0)
    elapsed(3)
    #expect(source.subscriptions == 2)
    source.finish()
    try seen.expectFinished()
    try second.expectFinished()
    try source.expectReleased()
  }

  @Test func `refuses at once who does not wait, and says when to come again`() throws {
    let first = record(weight: 2)
    elapsed(1)
    let refused = record(.fail)
    let error = try refused.expectFailure(RateLimitExceeded.self, at: .milliseconds(1))
    #expect(error.retryAfter == .milliseconds(2))
    #expect(error.description == "too many in too short a time: come again in 0.002 seconds")
    #expect(source.subscriptions == 1)
    elapsed(2)
    let second = record(.fail)
    #expect(source.subscriptions == 2)
    first.cancel()
    second.cancel()
  }

  @Test func `refuses at once who would wait too long`() throws {
    let all = [record(weight: 2), record(), record(.wait(atMost: .milliseconds(6)))]
    let refused = record(.wait(atMost: .milliseconds(8)))
    #expect(try refused.expectFailure(RateLimitExceeded.self).retryAfter == .milliseconds(9))
    elapsed(6)
    #expect(source.subscriptions == 3)
    for recording in all { recording.cancel() }
  }

  @Test func `refuses those who would wait too long when the limiter becomes slower`() throws {
    let first = record(weight: 2)
    let patient = record()
    let impatient = record(.wait(atMost: .milliseconds(6)))
    let last = record()
    limiter.update(1, every: .milliseconds(30), burst: 2)
    time.run()
    try impatient.expectFailure(RateLimitExceeded.self)
    #expect(limiter.snapshot.waiting == 0)
    #expect(source.subscriptions == 3)
    for recording in [first, patient, last] { recording.cancel() }
    try source.expectReleased()
  }

  @Test func `a cancelled run leaves the line, and the next takes its turn and its timer`() throws {
    let first = record(weight: 2)
    let second = record(weight: 2)
    let third = record()
    second.cancel()
    elapsed(0)
    #expect(time.pendingTimers == 1)
    elapsed(3)
    #expect(source.subscriptions == 2 && limiter.snapshot.waiting == 0)
    first.cancel()
    third.cancel()
    #expect(time.pendingTimers == 0)
  }

  @Test func `a light run does not overtake a heavy one`() throws {
    let all = [record(), record(weight: 2), record()]
    elapsed(3)
    #expect(source.subscriptions == 2)
    elapsed(3)
    #expect(source.subscriptions == 3)
    for recording in all { recording.cancel() }
  }

  @Test func `who is heavier than the bucket leaves a debt`() throws {
    let all = [record(weight: 4), record()]
    // Two are owed, one is needed.
    #expect(source.subscriptions == 1 && limiter.snapshot.available == -2)
    elapsed(8)
    #expect(source.subscriptions == 1)
    elapsed(1)
    #expect(source.subscriptions == 2)
    for recording in all { recording.cancel() }
  }

  @Test func `a pause holds up all, until it is over`() throws {
    limiter.pause(until: FlowInstant(nanoseconds: 5_000_000))
    limiter.pause(until: FlowInstant(nanoseconds: 2_000_000))
    let all = [record(), record(), record()]
    #expect(limiter.snapshot.pausedUntil == FlowInstant(nanoseconds: 5_000_000))
    elapsed(4)
    #expect(source.subscriptions == 0)
    elapsed(1)
    #expect(source.subscriptions == 2)
    elapsed(3)
    #expect(source.subscriptions == 3)
    for recording in all { recording.cancel() }
  }

  @Test func `a pause that comes while runs wait, and one that ends early`() throws {
    let all = [record(weight: 2), record()]
    elapsed(1)
    limiter.pause(for: .seconds(60))
    elapsed(10)
    #expect(source.subscriptions == 1)
    limiter.resume()
    elapsed(0)
    #expect(source.subscriptions == 2 && limiter.snapshot.pausedUntil == nil)
    for recording in all { recording.cancel() }
    #expect(time.pendingTimers == 0)
  }

  @Test func `a faster rate is heard by who waits`() throws {
    let all = [record(weight: 2), record()]
    limiter.update(1, every: .milliseconds(1), burst: 2)
    elapsed(1)
    #expect(source.subscriptions == 2)
    for recording in all { recording.cancel() }
  }

  @Test func `what the server says is left counts, when it is less`() throws {
    let first = record()
    limiter.update(remaining: 7)
    #expect(limiter.snapshot.available == 1)
    limiter.update(remaining: 0)
    let second = record()
    #expect(source.subscriptions == 1)
    elapsed(3)
    #expect(source.subscriptions == 2)
    limiter.spend(3)
    #expect(limiter.snapshot.available == -3)
    first.cancel()
    second.cancel()
  }
}
