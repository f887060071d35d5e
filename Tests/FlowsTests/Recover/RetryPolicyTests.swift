// When to try again, and how long to wait first.
import Testing

@testable import Flows

private struct Refused: Error {}

@Suite struct RetryPolicyTests {
  let start = FlowInstant(nanoseconds: 0)

  /// The delays of a policy that is always refused, in milliseconds.
  func delays(_ count: Int, _ policy: RetryPolicy) -> [Double] {
    var attempts = Attempts(policy, from: start)
    return (0..<count).compactMap { _ in
      guard case .wait(let delay) = attempts.next(after: Refused(), at: start) else { return nil }
      return Double(delay.nanoseconds) / 1_000_000
    }
  }

  func policy(
    _ backoff: RetryPolicy.Backoff, _ jitter: RetryPolicy.Jitter = .none, seed: UInt64 = 1
  ) -> RetryPolicy {
    RetryPolicy(maxAttempts: .max, backoff: backoff, jitter: jitter, generator: SplitMix(seed: seed))
  }

  static let growing = RetryPolicy.Backoff.exponential(
    initial: .milliseconds(500), factor: 2, max: .seconds(8))

  @Test func `delays grow as the backoff says, and no further than its greatest`() {
    #expect(delays(3, policy(.constant(.milliseconds(5)))) == [5, 5, 5])
    let linear = RetryPolicy.Backoff.linear(
      initial: .milliseconds(10), step: .milliseconds(5), max: .milliseconds(22))
    #expect(delays(5, policy(linear)) == [10, 15, 20, 22, 22])
    #expect(delays(7, policy(Self.growing)) == [500, 1000, 2000, 4000, 8000, 8000, 8000])
    let capped = RetryPolicy.Backoff.exponential(
      initial: .seconds(9), factor: 3, max: .milliseconds(7))
    #expect(delays(2, policy(capped)) == [7, 7])
    let shrinking = RetryPolicy.Backoff.exponential(
      initial: .milliseconds(8), factor: 0.5, max: .seconds(1))
    #expect(delays(4, policy(shrinking)) == [8, 4, 2, 1])
    let endless = RetryPolicy.Backoff.exponential(
      initial: .seconds(1), factor: 1e300, max: .seconds(Int64.max))
    #expect(delays(3, policy(endless)).allSatisfy { $0 > 0 })
  }

  @Test func `full jitter takes anything up to the delay`() {
    let all = (0..<50).flatMap { delays(4, policy(Self.growing, .full, seed: $0)) }
    for (index, delay) in all.enumerated() {
      #expect((0...[500, 1000, 2000, 4000][index % 4]).contains(delay))
    }
    #expect(Set(all).count == all.count)
    #expect(all.contains { $0 < 100 } && all.contains { $0 > 3500 })
  }

  @Test func `equal jitter keeps half of the delay`() {
    let all = (0..<50).flatMap { delays(2, policy(Self.growing, .equal, seed: $0)) }
    for (index, delay) in all.enumerated() {
      let whole = [500.0, 1000][index % 2]
      #expect((whole / 2...whole).contains(delay))
    }
  }

  @Test func `decorrelated jitter grows from the delay before, up to the greatest`() {
    for seed in 0..<50 as Range<UInt64> {
      var last = 500.0
      for delay in delays(20, policy(Self.growing, .decorrelated, seed: seed)) {
        #expect((500...min(8000, last * 3)).contains(delay))
        last = delay
      }
    }
  }

  @Test func `the same seed gives the same delays, and another one others`() {
    let first = delays(10, policy(Self.growing, .full, seed: 3))
    #expect(first == delays(10, policy(Self.growing, .full, seed: 3)))
    #expect(first != delays(10, policy(Self.growing, .full, seed: 4)))
  }

  @Test func `a delay that the error asks for replaces backoff and jitter, and is never early`() {
    var asking = policy(Self.growing, .full)
    asking.delayFrom = { _ in .nanoseconds(1_000_001) }
    #expect(delays(2, asking) == [2, 2])
    asking.delayFrom = { _ in .seconds(-5) }
    #expect(delays(1, asking) == [0])
    asking.delayFrom = { _ in .seconds(Int64.max) }
    #expect(delays(1, asking) == [120_000])
    asking.delayCap = .seconds(Int64.max)
    #expect(delays(1, asking).count == 1)
  }
}
