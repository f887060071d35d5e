// Slower before a provider says no.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct ProviderPacingTests {
  let time = VirtualTime()

  private func limits(_ remaining: Int, of limit: Int, reset: Duration) -> RateLimits {
    var limits = RateLimits()
    limits.requests = .init(limit: limit, remaining: remaining, reset: reset)
    return limits
  }

  @Test func `what is left is spread over the time until there is more`() {
    // Ten in a minute; says how many are left, and refuses the eleventh.
    let refused = Latest<Int>()
    refused.value = 0
    let provider = ScriptedProvider("p") { call, now in
      let left = 10 - call % 10 - 1
      let window = Int64(60) - now.nanoseconds / 1_000_000_000 % 60
      var limits = RateLimits()
      limits.requests = .init(limit: 10, remaining: left, reset: .seconds(window))
      if call >= 10, now < .at(.seconds(60)) { refused.change { $0 += 1 } }
      return .row([.say(.rateLimits(limits))], .answer("a"))
    }
    let paced = provider.with(ProviderPacing(longestWait: .seconds(600)))
    var seen: [Recording<ChatEvent>] = []
    for _ in 0..<12 {
      seen.append(paced.asked(in: time))
      time.advance(by: .seconds(1))
    }
    time.run()
    #expect(seen.allSatisfy { $0.isFinished })
    #expect(refused.value == 0)
  }

  @Test func `with plenty left nobody waits`() {
    var pace = Pace()
    #expect(pace.take(limits(90, of: 100, reset: .seconds(60)), threshold: 0.25, at: .at(.zero)) == .free)
    #expect(
      pace.take(limits(20, of: 100, reset: .seconds(60)), threshold: 0.25, at: .at(.zero))
        == .spread(20, over: .seconds(60)))
    #expect(pace.interval == .seconds(3))
    #expect(
      pace.take(limits(0, of: 100, reset: .seconds(60)), threshold: 0.25, at: .at(.zero))
        == .wait(.seconds(60)))
    let (early, late) = (pace.isOver(at: .at(.seconds(59))), pace.isOver(at: .at(.seconds(60))))
    #expect(!early && late)
    #expect(pace.interval == .zero)
  }

  @Test func `tokens count in answers of the usual size`() {
    var pace = Pace()
    var limits = RateLimits()
    limits.tokens = .init(limit: 10_000, remaining: 1000, reset: .seconds(30))
    #expect(pace.take(limits, threshold: 0.25, at: .at(.zero)) == .free)
    pace.take(Usage(inputTokens: 50, outputTokens: 50))
    #expect(pace.take(limits, threshold: 0.25, at: .at(.zero)) == .spread(10, over: .seconds(30)))
  }

  @Test func `a refusal with a time holds back all`() {
    let provider = ScriptedProvider("p", [.fail(.tooMany(after: .seconds(10)))], .answer("a"))
    let paced = provider.with(ProviderPacing())
    let first = paced.asked(in: time)
    time.advance(by: .seconds(1))
    let second = paced.asked(in: time)
    time.run()
    #expect(first.failure?.kind == .rateLimited)
    #expect(second.isFinished)
    #expect(provider.log.instants == [.at(.zero), .at(.seconds(10))])
  }

  @Test func `a wait beyond the longest is a refusal`() {
    let provider = ScriptedProvider("p", [.fail(.tooMany(after: .seconds(1000)))], .answer("a"))
    let paced = provider.with(ProviderPacing(longestWait: .seconds(60)))
    let first = paced.asked(in: time)
    time.advance(by: .seconds(1))
    #expect(first.failure?.retryAfter == .seconds(1000))
    let second = paced.asked(in: time)
    time.advance(by: .seconds(1))
    #expect(second.failure?.code == "rate_limiter")
  }

  @Test func `when the time is over the pace is free again`() {
    let few = limits(1, of: 100, reset: .seconds(10))
    let provider = ScriptedProvider("p", .row([.say(.rateLimits(few))], .answer("a")), .answer("b"))
    let pacing = ProviderPacing()
    let paced = provider.with(pacing)
    let first = paced.asked(in: time)
    time.advance(by: .seconds(11))
    #expect(first.isFinished)
    #expect(pacing.interval == .seconds(10))
    let seen = (0..<5).map { _ in paced.asked(in: time) }
    time.advance(by: .milliseconds(1))
    #expect(seen.allSatisfy { $0.isFinished })
  }
}
