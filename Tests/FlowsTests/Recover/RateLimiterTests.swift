// Tokens that are taken out, and come back with time.
import Testing

@testable import Flows

@Suite struct RateLimiterTests {
  /// Asking the bucket changes it, which is not for the macro.
  private func expect(_ isTrue: Bool, at location: SourceLocation = #_sourceLocation) {
    #expect(isTrue, sourceLocation: location)
  }

  private func at(_ nanoseconds: Int64) -> FlowInstant { FlowInstant(nanoseconds: nanoseconds) }

  @Test func `tokens come back evenly, and no more than the bucket holds`() {
    var bucket = TokenBucket(10, every: .nanoseconds(100), burst: 3)
    expect(bucket.admit(3, at: at(0)))
    expect(!bucket.admit(1, at: at(9)))
    expect(bucket.admit(1, at: at(10)))
    #expect(bucket.opening(for: 2, behind: 1, at: at(15)) == at(40))
    #expect(bucket.available(at: at(1000)) == 3)
    expect(!bucket.admit(4, at: at(39)) && bucket.admit(4, at: at(40)))
    #expect(bucket.available(at: at(41)) == -1)
  }

  @Test func `a rate that does not divide loses nothing in a million steps`() throws {
    var bucket = TokenBucket(7, every: .nanoseconds(1_000_003), burst: 1_000_000)
    bucket.keep(atMost: 0, at: at(0))
    for step in 1...1_000_000 { _ = bucket.admit(.max, at: at(Int64(step) * 997)) }
    #expect(bucket.available(at: at(997_000_000)) == 997_000_000 * 7 / 1_000_003)
    let opening = try #require(bucket.opening(for: 7000, behind: 0, at: at(997_000_000)))
    expect(!bucket.admit(7000, at: at(opening.nanoseconds - 1)))
    expect(bucket.admit(7000, at: opening))
  }

  @Test func `time that seems to run backwards gives nothing twice`() {
    var bucket = TokenBucket(1, every: .nanoseconds(10), burst: 1)
    expect(bucket.admit(1, at: at(100)))
    expect(!bucket.admit(1, at: at(50)))
    expect(!bucket.admit(1, at: at(109)))
    expect(bucket.admit(1, at: at(110)))
  }

  @Test func `a new rate keeps the tokens, and what is owed`() {
    var bucket = TokenBucket(1, every: .seconds(60), burst: 10)
    expect(bucket.admit(4, at: at(0)))
    bucket.become(TokenBucket(1, every: .seconds(1), burst: 5), at: at(0))
    #expect(bucket.available(at: at(0)) == 5)
    expect(bucket.admit(8, at: at(0)) && bucket.available(at: at(0)) == -3)
    bucket.become(TokenBucket(1, every: .seconds(7), burst: 5), at: at(0))
    #expect(bucket.available(at: at(0)) == -3)
    #expect(bucket.opening(for: 1, behind: 0, at: at(0)) == at(28_000_000_000))
  }

  @Test func `the largest numbers do not overflow`() {
    var bucket = TokenBucket(.max, every: .seconds(Int64.max / 2), burst: .max)
    expect(bucket.admit(.max, at: at(0)))
    bucket.spend(.max, at: at(.max))
    bucket.become(TokenBucket(1, every: .seconds(Int64.max / 2), burst: .max), at: at(.max))
    for _ in 0..<100 { bucket.spend(.max, at: at(.max)) }
    #expect(bucket.opening(for: .max, behind: 1 << 100, at: at(.max)) == .distantFuture)
  }

  @Test func `before any run, time is that of whoever asks`() {
    let limiter = RateLimiter(1, every: .seconds(1), burst: 4)
    #expect(limiter.snapshot == .init(available: 4, waiting: 0, pausedUntil: nil))
    limiter.pause(for: .seconds(60))
    #expect(limiter.snapshot.pausedUntil.map { $0 > SystemScheduler.shared.now } == true)
  }
}
