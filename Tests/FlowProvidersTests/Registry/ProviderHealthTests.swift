// How providers are doing, and what they can do.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite(.timeLimit(.minutes(10))) struct ProviderHealthTests {
  let time = VirtualTime()
  let down = ProviderError(.serverError, "no")

  private func text(_ change: HealthChange) -> String {
    "\(change.name) \(change.from)-\(change.to) by \(change.source)"
      + (change.reason.map { " \($0.kind.name)" } ?? "")
  }

  private func ask(_ registry: ProviderRegistry, times count: Int = 1) {
    for _ in 0..<count {
      let answer = registry.activeProvider.stream(question).record(in: time)
      time.run()
      #expect(answer.end != nil)
    }
  }

  @Test func `calls tell how a provider is doing`() throws {
    let registry = ProviderRegistry(in: time)
    let changes = registry.healthChanges.map(text).record(in: time)
    try registry.register("p", PlayedProvider("a"))
    #expect(registry.health.map(\.state) == [.unknown])
    ask(registry)
    try changes.expect("p unknown-healthy by call")
    var health = try #require(registry.health.first)
    #expect(health.successes == 1 && health.latency == .zero && health.inFlight == 0)
    #expect(health.lastHeard == FlowInstant(nanoseconds: 3_000_000_000))
    try registry.replace("p", with: ProviderInstance(PlayedProvider("a", failing: down)))
    ask(registry, times: 4)
    try changes.expect("p unknown-degraded by call serverError", "p degraded-unhealthy by call serverError")
    health = try #require(registry.health.first)
    #expect(health.failures == 4 && health.failuresInARow == 4 && health.lastFailure?.kind == .serverError)
    try changes.done()
  }

  @Test func `what was wrong with a request, and who left, says nothing of the provider`() throws {
    let registry = ProviderRegistry(in: time)
    for (number, kind) in [
      ProviderError.Kind.invalidRequest, .contextTooLong, .contentFiltered, .modelNotFound, .cancelled,
    ].enumerated() {
      try registry.register("p\(number)", PlayedProvider("a", failing: ProviderError(kind, "")))
      try registry.activate("p\(number)")
      ask(registry)
    }
    let left = registry.activeProvider.stream(question).record(in: time)
    left.cancel()
    #expect(registry.health.allSatisfy { $0.state == .unknown })
  }

  @Test func `a wrong key is no passing trouble`() throws {
    let registry = ProviderRegistry(in: time)
    try registry.register("p", PlayedProvider("a", failing: ProviderError(.authentication, "")))
    ask(registry)
    #expect(registry.health.map(\.state) == [.unhealthy])
  }

  @Test func `a provider that was given up needs more than one success`() {
    var health = ProviderHealth("p", 1)
    let policy = HealthPolicy(degradedAfter: 2, unhealthyAfter: 3, healthyAfter: 2)
    var states: [ProviderHealth.State] = []
    let now = FlowInstant(nanoseconds: 0)
    var strict = health
    #expect(strict.note(.failure(ProviderError(.notFound, "")), .call, at: now, policy) == nil)
    #expect(strict.note(.failure(ProviderError(.notFound, "")), .probe, at: now, HealthPolicy()) == .unknown)
    for isGood in [false, false, false, true, false, true, true, false, true] {
      _ = health.note(isGood ? .success(nil) : .failure(down), .call, at: now, policy)
      states.append(health.state)
    }
    #expect(
      states == [
        .unknown, .degraded, .unhealthy, .unhealthy, .unhealthy, .unhealthy, .healthy, .healthy, .healthy,
      ])
    #expect(health.note(.failure(down), .call, at: now, policy) == nil)
    #expect(health.note(.failure(down), .call, at: now, policy) == .healthy)
  }

  @Test func `everybody is asked at once and then every interval, side by side, while somebody listens`()
    throws
  {
    let registry = ProviderRegistry(in: time)
    let asked = Latest<[String]>()
    asked.value = []
    func instance(_ name: String, taking duration: Duration) -> ProviderInstance {
      ProviderInstance(PlayedProvider(name)) { [time] in
        asked.change { $0.append("\(name)\(time.now.nanoseconds / 1_000_000_000)") }
        try await time.sleep(for: duration)
        return [:]
      }
    }
    try registry.register("quick", instance("q", taking: .seconds(1)))
    try registry.register("slow", instance("s", taking: .seconds(60)))
    try registry.register("mute", PlayedProvider("m"))
    time.advance(by: .seconds(100))
    #expect(asked.value == [])
    let changes = registry.healthChanges(askingEvery: .seconds(30), timeout: .seconds(5)).map(text)
      .record(in: time)
    time.advance(by: .seconds(89))
    #expect(asked.value == ["q100", "s100", "q130", "s130", "q160", "s160"])
    try changes.expect("quick unknown-healthy by probe", at: .seconds(101))
    try changes.expect("slow unknown-degraded by probe timeout", at: .seconds(105))
    try changes.expect("slow degraded-unhealthy by probe timeout", at: .seconds(165))
    try changes.done()
    #expect(registry.health.map(\.latency) == [.seconds(1), nil, nil])
    changes.cancel()
    time.advance(by: .seconds(100))
    #expect(asked.value?.count == 6)
    #expect(time.pendingTimers == 0)
  }

  @Test func `a question that is answered after the provider was exchanged changes nothing`() throws {
    let registry = ProviderRegistry(in: time)
    let answer = TestFlow<[String: Capabilities]>()
    try registry.register(
      "p", ProviderInstance(PlayedProvider("a")) { try await answer.flow.value })
    let changes = registry.healthChanges(askingEvery: .seconds(30)).record(in: time)
    time.advance(by: .seconds(1))
    try registry.replace("p", with: ProviderInstance(PlayedProvider("b")))
    answer.fail(down)
    time.advance(by: .seconds(1))
    #expect(changes.elements.isEmpty)
    #expect(registry.health.map(\.state) == [.unknown])
  }

  @Test func `capabilities: declared, then probed, then observed`() async throws {
    let registry = ProviderRegistry(
      ProviderDependencies(transport: PlayedTransport(404), credentials: EnvironmentCredentials([:])))
    let provider = PlayedProvider("a", every: .milliseconds(1))
    try registry.register(
      "p",
      ProviderInstance(
        provider, declared: Capabilities([.tools], missing: [.streaming, .vision]), model: "m"
      ) {
        ["m": Capabilities([.vision, .tools], source: .probed, contextWindow: 4096)]
      })
    var known = try await registry.capabilities(of: "m")
    #expect(known.features == [.tools: .declared, .streaming: .declared])
    #expect(known.supports(.vision) == false)
    await registry.ask()
    #expect(registry.models(of: "p") == ["m"])
    known = try await registry.activeProvider.capabilities(of: "")
    #expect(known.features == [.tools: .probed, .vision: .probed, .streaming: .declared])
    #expect(known.contextWindow == 4096)
    _ = try await registry.activeProvider.complete(question)
    #expect(try await registry.capabilities(of: "m").features[.streaming] == .observed)
    #expect(try await registry.capabilities(of: "other").features[.streaming] == .declared)
  }

  @Test func `what was seen to work is not talked away`() {
    let seen = Capabilities([.tools], source: .observed)
    #expect(seen.merging(Capabilities(missing: [.tools])).supports(.tools) == true)
    #expect(Capabilities([.tools]).merging(Capabilities(missing: [.tools])).supports(.tools) == false)
    #expect(seen.merging(Capabilities([.tools], source: .declared)).features[.tools] == .observed)
    #expect(Capabilities(missing: [.tools]).merging(seen).supports(.tools) == true)
  }
}
