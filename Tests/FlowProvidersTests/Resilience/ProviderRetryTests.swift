// Another attempt at the same provider.
import FlowProviders
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite struct ProviderRetryTests {
  let time = VirtualTime()
  private let steady = RetryPolicy(maxAttempts: 3, backoff: .constant(.seconds(1)))

  @Test func `asks again after the backoff, and says so`() throws {
    let provider = ScriptedProvider("p", [.fail(.down)], [.fail(.down)], .answer("a", "b"))
    let told = Latest<[ProviderError.Attempt]>()
    told.value = []
    let retry = ProviderRetry(steady) { attempt in told.change { $0.append(attempt) } }
    let seen = provider.with(retry).asked(in: time)
    time.run()
    #expect(seen.text == "ab" && seen.isFinished)
    #expect(provider.log.instants == [.at(.zero), .at(.seconds(1)), .at(.seconds(2))])
    #expect(seen.warnings(.retried).count == 2)
    #expect(told.value?.map(\.wait) == [.seconds(1), .seconds(1)])
    #expect(time.pendingTimers == 0)
  }

  @Test func `the last failure carries the report of all attempts`() throws {
    let provider = ScriptedProvider("p", [.wait(.milliseconds(5)), .fail(.down)])
    let seen = provider.with(ProviderRetry(steady)).asked(in: time)
    time.run()
    let error = try #require(seen.failure)
    #expect(error.kind == .overloaded)
    #expect(error.attempts.map(\.wait) == [.seconds(1), .seconds(1), nil])
    #expect(
      error.attempts.map(\.end) == [
        .at(.milliseconds(5)), .at(.milliseconds(1010)), .at(.milliseconds(2015)),
      ])
    #expect(error.attempts.allSatisfy { $0.failure.kind == .overloaded && $0.failure.attempts.isEmpty })
  }

  @Test func `waits as long as the provider says, never less`() {
    let provider = ScriptedProvider("p", [.fail(.tooMany(after: .seconds(7)))], .answer("a"))
    let seen = provider.with(ProviderRetry(steady)).asked(in: time)
    time.run()
    #expect(seen.text == "a")
    #expect(provider.log.instants == [.at(.zero), .at(.seconds(7))])
  }

  @Test func `a wait beyond the longest fails at once, with the provider's error`() throws {
    let provider = ScriptedProvider("p", [.fail(.tooMany(after: .seconds(600)))])
    let seen = provider.with(ProviderRetry(steady, longestWait: .seconds(60))).asked(in: time)
    time.run()
    #expect(seen.failure?.retryAfter == .seconds(600))
    #expect(time.now == .at(.zero))
    #expect(provider.log.requests.count == 1)
  }

  @Test func `what does not pass is not asked again`() {
    for error in [
      ProviderError(.authentication, "no"), ProviderError(.invalidRequest, "no"), ProviderError(.quota, "no"),
      ProviderError(.overloaded, "x-should-retry: false", isRetryable: false),
    ] {
      let provider = ScriptedProvider("p", [.fail(error)])
      let seen = provider.with(ProviderRetry(steady)).asked(in: time)
      time.run()
      #expect(seen.failure?.kind == error.kind)
      #expect(provider.log.requests.count == 1)
    }
  }

  @Test func `signs of life and an empty beginning are no output`() {
    let beginning: [Step] = [.say(.heartbeat), .say(.rateLimits(RateLimits()))]
    let provider = ScriptedProvider("p", .row(beginning, .broken()), .answer("a"))
    let seen = provider.with(ProviderRetry(steady)).asked(in: time)
    time.run()
    #expect(seen.text == "a" && seen.isFinished)
    #expect(seen.elements.contains(.heartbeat))
  }

  @Test func `after output the error is passed on`() {
    let provider = ScriptedProvider("p", .broken("a"))
    let seen = provider.with(ProviderRetry(steady)).asked(in: time)
    time.run()
    #expect(seen.text == "a")
    #expect(seen.failure?.emitted.text == 1)
    #expect(provider.log.requests.count == 1)
  }

  @Test func `asked to resume, it goes on where the answer broke off`() throws {
    let provider = ScriptedProvider("p", .broken("a", "b"), .answer("c"))
    let retry = ProviderRetry(steady, afterOutput: .resume(.assistantPrefix))
    let seen = provider.with(retry).asked(in: time)
    time.run()
    #expect(seen.text == "abc" && seen.isFinished)
    #expect(provider.log.requests.last?.messages.last == .assistant("ab"))
    #expect(seen.warnings(.seam).count == 1)
  }

  @Test func `a budget that is shared bounds the retries of all`() {
    let provider = ScriptedProvider("p", [.fail(.down)])
    let budget = RetryBudget(share: 0.1, reserve: 2)
    let patient = provider.with(ProviderRetry(steady, budget: budget))
    let seen = (0..<100).map { _ in patient.asked(in: time) }
    time.run()
    #expect(seen.allSatisfy { $0.failure != nil })
    // A hundred first attempts, the reserve, and a tenth of what was earned when there was room for it.
    #expect((102...112).contains(provider.log.requests.count))
  }

  @Test func `a storm of refusals with a time: nobody comes early, and the budget holds`() {
    let open = FlowInstant.at(.seconds(30))
    let early = Latest<Int>()
    early.value = 0
    let provider = ScriptedProvider("p") { _, now in
      if now >= open { return .answer("a") }
      if now > .at(.seconds(1)) { early.change { $0 += 1 } }
      return [.fail(.tooMany(after: now.duration(to: open)))]
    }
    let budget = RetryBudget(share: 0, reserve: 40)
    let patient = provider.with(ProviderRetry(steady, budget: budget))
    let seen = (0..<100).map { _ in patient.asked(in: time) }
    time.run()
    #expect(early.value == 0)
    #expect(provider.log.requests.count == 140)
    #expect(seen.filter(\.isFinished).count == 40)
    #expect(seen.filter { $0.failure?.kind == .rateLimited }.count == 60)
  }

  @Test func `cancelled anywhere, nothing is left`() throws {
    for instant in stride(from: 0, through: 2500, by: 125) {
      let time = VirtualTime()
      let provider = ScriptedProvider(
        "p", [.wait(.milliseconds(250)), .fail(.down)],
        .row(.started(), .tokens("a", every: .milliseconds(500)), [.hang]))
      let seen = provider.with(ProviderRetry(steady)).asked(in: time)
      time.advance(by: .milliseconds(instant))
      seen.cancel()
      #expect(provider.log.active == 0)
      #expect(time.pendingTimers == 0)
    }
  }

  @Test func `asks for no more than it is asked for`() {
    let provider = ScriptedProvider("p", .answer("a", "b", "c"))
    let seen = provider.with(ProviderRetry(steady)).asked(in: time, demand: 0)
    time.run()
    #expect(provider.log.requests.isEmpty)
    seen.request(4)
    time.run()
    #expect(seen.elements.count == 4)
  }
}
