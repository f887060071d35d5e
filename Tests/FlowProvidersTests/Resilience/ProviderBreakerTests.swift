// Breakers, bulkheads, limiters and limits around a provider.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct ProviderBreakerTests {
  let time = VirtualTime()

  private func breaker() -> ProviderBreaker {
    ProviderBreaker(window: 4, failureRate: 0.5, minimumCalls: 2, openFor: .seconds(30))
  }

  private func run(_ provider: any ChatProvider) -> Recording<ChatEvent> {
    let seen = provider.asked(in: time)
    time.advance(by: .milliseconds(1))
    return seen
  }

  @Test func `opens after failures, and refuses with a time`() throws {
    let provider = ScriptedProvider("p", [.fail(.down)])
    let guarded = provider.with(breaker())
    _ = run(guarded)
    _ = run(guarded)
    let refused = try #require(run(guarded).failure)
    #expect(refused.kind == .overloaded && refused.code == "circuit_open")
    #expect(refused.retryAfter.map { $0 <= .seconds(30) && $0 > .seconds(29) } == true)
    #expect(provider.log.requests.count == 2)
  }

  @Test func `an answer that breaks off in the middle counts`() {
    let breaker = breaker()
    let guarded = ScriptedProvider("p", .broken("a")).with(breaker)
    _ = run(guarded)
    _ = run(guarded)
    #expect(breaker.snapshot.failures == 2)
    #expect(breaker.snapshot.state != .closed)
  }

  @Test func `the caller's own faults do not count`() {
    let breaker = breaker()
    for kind in [
      ProviderError.Kind.invalidRequest, .authentication, .permission, .modelNotFound, .rateLimited, .quota,
      .contextTooLong, .contentFiltered,
    ] {
      let guarded = ScriptedProvider("p", [.fail(ProviderError(kind, "no"))]).with(breaker)
      _ = run(guarded)
    }
    #expect(breaker.snapshot.calls == 0)
    #expect(breaker.snapshot.state == .closed)
  }

  @Test func `a ten-minute outage: it opens, probes, recovers, and the other answers meanwhile`() throws {
    let over = FlowInstant.at(.seconds(660))
    let provider = ScriptedProvider("first") { _, now in
      now >= .at(.seconds(60)) && now < over ? [.wait(.milliseconds(50)), .fail(.down)] : .answer("first")
    }
    let other = ScriptedProvider("other", .answer("other"))
    let breaker = breaker()
    let states = breaker.states.record(in: time)
    let both = ProviderGroup(provider.with(breaker), other).fallback()
    let seen = Latest<[Recording<ChatEvent>]>()
    seen.value = []
    for second in 0..<780 {
      time.at(.seconds(second)) { [time] in
        let one = both.asked(in: time)
        seen.change { $0.append(one) }
      }
    }
    time.run()
    let answers = (seen.value ?? []).map(\.text)
    #expect(answers.count == 780)
    #expect(answers[..<60].allSatisfy { $0 == "first" })
    #expect(answers[60..<660].allSatisfy { $0 == "other" })
    #expect(answers[700...].allSatisfy { $0 == "first" })
    // Two that failed before it opened, and a probe every half minute, instead of six hundred.
    let during = provider.log.instants.filter { $0 >= .at(.seconds(60)) && $0 < over }.count
    #expect((20...26).contains(during))
    #expect(states.elements.first == .closed)
    #expect(states.elements.last == .closed)
    #expect(states.elements.contains(.halfOpen))
  }

  @Test func `a bulkhead lets so many in, and refuses as a provider would`() {
    let provider = ScriptedProvider("p", .answer("a", every: .seconds(1)))
    let few = provider.with(Bulkhead(maxConcurrent: 2, maxWaiting: 1))
    let seen = (0..<4).map { _ in few.asked(in: time) }
    #expect(provider.log.active == 2)
    time.run()
    #expect(seen.filter(\.isFinished).count == 3)
    #expect(seen.compactMap(\.failure?.code) == ["bulkhead_full"])
  }

  @Test func `a limiter lets so many begin in a time`() {
    let provider = ScriptedProvider("p", .answer("a"))
    let slow = provider.with(RateLimiter(1, every: .seconds(1), burst: 1))
    let seen = (0..<3).map { _ in slow.asked(in: time) }
    time.run()
    #expect(seen.allSatisfy { $0.isFinished })
    #expect(provider.log.instants == [.at(.zero), .at(.seconds(1)), .at(.seconds(2))])
    let refusing = provider.with(
      ProviderRate(RateLimiter(1, every: .seconds(1), burst: 1), whenExceeded: .fail))
    let more = (0..<2).map { _ in refusing.asked(in: time) }
    time.run()
    #expect(more.compactMap(\.failure?.code) == ["rate_limiter"])
  }

  @Test func `limits stand around any provider, and name what was waited for`() {
    let limits = ProviderLimits(firstToken: .seconds(5), betweenTokens: .seconds(2), total: .seconds(20))
    func phase(_ steps: [Step]) -> ProviderError.Kind? {
      let time = VirtualTime()
      let provider = ScriptedProvider("p", steps)
      let seen = provider.with(limits).asked(in: time)
      time.run()
      #expect(provider.log.active == 0)
      #expect(time.pendingTimers == 0)
      return seen.failure?.kind
    }
    #expect(phase([.say(.heartbeat), .hang]) == .timeout(.firstToken))
    #expect(phase(.row(.started(), .tokens("a"), [.hang])) == .timeout(.betweenTokens))
    let slow = [Step].tokens(Array(repeating: "a", count: 30), every: .seconds(1))
    #expect(phase(.row(.started(), slow, .ended())) == .timeout(.total))
    #expect(phase(.answer("a", "b", every: .seconds(1))) == nil)
  }

  @Test func `a slow consumer uses up no limit`() {
    let limits = ProviderLimits(firstToken: .seconds(5), betweenTokens: .seconds(2), total: .seconds(20))
    let seen = ScriptedProvider("p", .answer("a", "b")).with(limits).asked(in: time, demand: 4)
    time.advance(by: .seconds(1000))
    seen.request(100)
    time.run()
    #expect(seen.text == "ab" && seen.isFinished)
  }
}
