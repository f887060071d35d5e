// The examples of docs/guides/resilience.md.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct ResilienceGuideTests {
  let time = VirtualTime()
  private let openAI = ScriptedProvider("openai", .answer("So"))
  private let claude = ScriptedProvider("claude", .answer("So"))

  private func check(_ provider: any ChatProvider) {
    let seen = provider.asked(in: time)
    time.run()
    #expect(seen.text == "So" && seen.isFinished)
  }

  @Test func `around one provider`() {
    let breaker = ProviderBreaker(window: 20, failureRate: 0.5, minimumCalls: 10, openFor: .seconds(30))
    let provider = openAI.with(
      ProviderRetry(budget: RetryBudget(share: 0.1, reserve: 10)),
      breaker,
      Bulkhead(maxConcurrent: 50, maxWaiting: 500),
      ProviderPacing(),
      ProviderLimits(firstToken: .seconds(30), betweenTokens: .seconds(10)))
    check(provider)
    #expect(breaker.snapshot.calls == 1)
  }

  @Test func `several providers`() {
    let group = ProviderGroup(openAI.answering(with: "gpt-4o"), claude.answering(with: "claude-sonnet-4-5"))
    let first = group.race(decidedBy: .firstToken)
    let hedged = group.hedged(after: .after(.seconds(2)), budget: HedgeBudget(share: 0.05, reserve: 5))
    let either = group.fallback()
    let whole = group.failover()
    let best = group.ensemble(.majority())
    for provider in [first, hedged, either, whole, best] as [any ChatProvider] { check(provider) }
    #expect(claude.log.requests.allSatisfy { $0.model == "claude-sonnet-4-5" })
    let careful = ProviderGroup(group.race(decidedBy: .firstToken), openAI).failover().with(ProviderRetry())
    check(careful)
    check(group.failover(continuing: .asked()))
  }
}
