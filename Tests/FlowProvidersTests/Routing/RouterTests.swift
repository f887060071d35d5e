// Who is chosen, and what happens when that fails.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct RouterTests {
  let time = VirtualTime()
  let kept = Kept()
  let a = LedProvider("a")
  let b = LedProvider("b")
  let c = LedProvider("c")
  let request = ChatRequest(model: "m", prompt: "hello")

  private func candidates(_ weights: Int...) -> [RouteCandidate] {
    zip([a, b, c], weights).map { RouteCandidate($0, weight: $1) }
  }

  private func router(_ strategy: SelectionStrategy, _ weights: [Int] = [1, 1, 1]) -> Router {
    Router(zip([a, b, c], weights).map { RouteCandidate($0, weight: $1) }, by: strategy)
  }

  /// Who is asked, of so many requests.
  private func asked(_ router: Router, times count: Int, _ answer: (LedProvider) -> Void) -> String {
    var names = ""
    for _ in 0..<count {
      let seen = router.stream(request).record(in: time)
      guard let provider = [a, b, c].first(where: { $0.source.isActive }) else { return names + "?" }
      names += provider.name
      answer(provider)
      kept.keep(seen)
    }
    return names
  }

  private func explain(_ router: Router, _ request: ChatRequest? = nil) throws -> RoutingDecision {
    let seen = router.explanation(of: request ?? self.request).record(in: time)
    time.run()
    return try #require(seen.elements.first)
  }

  @Test func `by priority the first answers, with its own model`() throws {
    let router = Router([RouteCandidate(a, model: "a-large"), RouteCandidate(b)], by: .priority)
    let seen = router.stream(request).record(in: time)
    a.answer("hi")
    #expect(ChatResponse(seen.elements).text == "hi")
    #expect(a.asked.value?.map(\.model) == ["a-large"])
    #expect(b.asked.value == [])
    try seen.expectComplete()
    try a.source.expectReleased()
  }

  @Test func `round robin goes around, and looking does not move it`() throws {
    let router = router(.roundRobin)
    #expect(try explain(router).chosen?.name == "a")
    #expect(try explain(router).chosen?.name == "a")
    #expect(asked(router, times: 7) { $0.answer("x") } == "abcabca")
    #expect(try explain(router).verdicts.map(\.name) == ["b", "c", "a"])
  }

  @Test func `weights are spread evenly, and zero gets nothing`() throws {
    #expect(asked(router(.weighted, [5, 1, 1]), times: 7) { $0.answer("x") } == "aabacaa")
    #expect(asked(router(.weighted, [0, 2, 1]), times: 6) { $0.answer("x") } == "bcbbcb")
  }

  @Test func `the least busy has the fewest under way for its weight`() throws {
    let router = router(.leastBusy, [2, 1, 1])
    let all = (0..<4).map { _ in router.stream(request).record(in: time) }
    #expect(a.asked.value?.count == 2)
    #expect(b.asked.value?.count == 1)
    #expect(c.asked.value?.count == 1)
    // Whoever leaves is not under way.
    all[1].cancel()
    #expect(try explain(router).chosen?.name == "b")
    withExtendedLifetime(all) {}
  }

  @Test func `the lowest latency is found by trying, and tried again after a while`() throws {
    let router = router(.lowestLatency)
    let delays = ["a": 300, "b": 100, "c": 200]
    func wait(_ provider: LedProvider) {
      time.advance(by: .milliseconds(delays[provider.name] ?? 0))
      provider.answer("x")
    }
    #expect(asked(router, times: 6, wait) == "abcbbb")
    let fast = try explain(router)
    #expect(fast.chosen?.name == "b")
    #expect(abs((fast.chosen?.score ?? 0) - 0.1) < 0.01)
    // While b is asked, the next is asked elsewhere rather than wait behind it.
    let busy = router.stream(request).record(in: time)
    let next = router.stream(request).record(in: time)
    #expect(b.source.isActive)
    #expect(try explain(router).chosen?.name != nil)
    b.answer("x")
    withExtendedLifetime((busy, next)) {}
    c.source.fail(ProviderError(.overloaded, "x"))
    kept.keep(busy)
    // What was seen of the others fades: they are tried before b has become slow.
    time.advance(by: .seconds(600))
    #expect(asked(router, times: 1, wait) == "b")
    #expect(try explain(router).chosen?.name != "b")
  }

  @Test func `whoever fails fast is not fast`() throws {
    let router = Router([RouteCandidate(a), RouteCandidate(b)], by: .lowestLatency)
    let seen = router.stream(request).record(in: time)
    a.source.fail(ProviderError(.overloaded, "full"))
    time.advance(by: .milliseconds(200))
    b.answer("x")
    #expect(ChatResponse(seen.elements).text == "x")
    #expect(try explain(router).verdicts.map(\.name) == ["b", "a"])
  }

  @Test func `the cheapest that can answer, with those without a price last`() throws {
    let router = Router(
      [
        RouteCandidate(a), RouteCandidate(b, price: TokenPrice(input: 2, output: 8)),
        RouteCandidate(c, price: TokenPrice(input: 0.1, output: 0.4)),
      ], by: .cheapest)
    let decision = try explain(router, request.with(\.maxOutputTokens, 1000))
    #expect(decision.verdicts.map(\.name) == ["c", "b", "a"])
    #expect(decision.chosen?.score == 0.0004006)
    #expect(decision.text.contains("-> c (m): dollars: 0.000401"))
  }

  @Test func `one's own score decides`() throws {
    let router = router(
      .custom("last name", score: { standing, _ in -Double(standing.candidate.name.utf8.first ?? 0) }))
    #expect(try explain(router).verdicts.map(\.name) == ["c", "b", "a"])
  }

  @Test func `whoever cannot do what is needed is not asked, and the decision says why`() throws {
    let router = Router(
      [
        RouteCandidate(a, capabilities: Capabilities([.tools], missing: [.vision])),
        RouteCandidate(b, capabilities: Capabilities(contextWindow: 50)), RouteCandidate(c),
      ], by: .priority)
    var request = ChatRequest(model: "m", messages: [.user(.text("see"), .image(Media(url: "http://x")))])
    request.tools = [ToolDefinition(name: "f")]
    let decision = try explain(router, request)
    #expect(decision.needs.features == [.tools, .vision])
    #expect(decision.verdicts.map(\.name) == ["c", "a", "b"])
    #expect(decision.verdicts.map(\.place) == [.chosen, .dropped, .dropped])
    #expect(decision.verdicts[1].reasons == ["it has no vision"])
    #expect(decision.verdicts[2].reasons.first?.hasSuffix("tokens do not fit into 50") == true)
    #expect(decision.verdicts[0].reasons == ["assumed to have tools", "assumed to have vision"])
    let json = decision.json
    #expect(json["chosen"] == "c")
    #expect(json["candidates"]?[1]?["place"] == "dropped")
    #expect(json["candidates"]?[1]?["reasons"] == ["it has no vision"])
    #expect(decision.text.contains("x  a (m): it has no vision"))
  }

  @Test func `a feature that is asked for beside counts, and so does what nobody knows`() throws {
    let router = Router(
      [RouteCandidate(a), RouteCandidate(b, capabilities: Capabilities([.reasoning]))], by: .priority,
      unknown: .refused)
    let seen = router.stream(request).withValue([.reasoning], for: RequestedFeatures.self).record(in: time)
    #expect(b.source.isActive)
    #expect(!a.source.isActive)
    seen.cancel()
    #expect(try explain(router).chosen?.name == "a")
  }

  @Test func `the sick are left out, and the weak come last`() throws {
    let health = Latest<[String: RouteHealth]>()
    health.value = ["a": .unavailable("the breaker is open"), "b": .degraded("slow")]
    let router = Router(candidates(1, 1, 1), by: .priority) { health.value?[$0.name] ?? .available }
    let decision = try explain(router)
    #expect(decision.verdicts.map(\.name) == ["c", "b", "a"])
    #expect(decision.verdicts[2].reasons == ["unavailable: the breaker is open"])
    health.value = ["a": .unavailable("x"), "b": .unavailable("y"), "c": .unavailable("z")]
    let seen = router.stream(request).record(in: time)
    let error = try seen.expectFailure(ProviderError.self)
    #expect(error.kind == .overloaded)
    #expect(
      error.message == "nobody can answer this: a: unavailable: x; b: unavailable: y; c: unavailable: z")
  }

  @Test func `the next answers when one fails before it has said anything, and only one answer is seen`()
    throws
  {
    let seen = router(.priority).stream(request).validated(.strict).record(in: time)
    a.begin("a-1")
    a.source.fail(ProviderError(.overloaded, "full"))
    #expect(seen.elements.isEmpty)
    b.source.fail(ProviderError(.authentication, "no"))
    c.answer("hi")
    #expect(ChatResponse(seen.elements).text == "hi")
    #expect(ChatResponse(seen.elements).model == "m-1")
    for provider in [a, b, c] { try provider.source.expectReleased() }
  }

  @Test func `after something was said, a failure is a failure`() throws {
    let seen = router(.priority).stream(request).record(in: time)
    a.begin()
    a.say("x")
    a.source.fail(ProviderError(.overloaded, "full"))
    guard case .failed(let error)? = seen.end else { throw Missing("no failure") }
    #expect((error as? ProviderError)?.kind == .overloaded)
    #expect(b.asked.value == [])
  }

  @Test func `what is wrong with the request is not tried elsewhere, and the last failure is told`() throws {
    let wrong = router(.priority).stream(request).record(in: time)
    a.source.fail(ProviderError(.invalidRequest, "bad"))
    #expect(try wrong.expectFailure(ProviderError.self).kind == .invalidRequest)
    let seen = router(.priority).stream(request).record(in: time)
    for provider in [a, b, c] { provider.source.fail(ProviderError(.serverError, provider.name)) }
    #expect(try seen.expectFailure(ProviderError.self).message == "c")
  }

  @Test func `asides are not held back, and nothing is asked ahead once something is said`() throws {
    let seen = router(.priority).stream(request).record(in: time, demand: 1)
    a.source.send(.heartbeat)
    #expect(seen.elements == [.heartbeat])
    #expect(a.source.asked == 0)
    seen.request(1)
    a.begin()
    #expect(seen.elements.count == 1)
    a.say("x")
    #expect(seen.elements.count == 2)
    a.say("y")
    seen.request(3)
    #expect(seen.elements.last == .textDelta("x", .init(block: 0)))
    #expect(a.source.asked == 0)
    #expect(seen.violations.isEmpty)
    seen.cancel()
    try a.source.expectReleased()
  }

  @Test func `a decision and its attempts are told`() throws {
    let heard = Heard()
    kept.keep(router(.priority).observed(by: heard.log).stream(request).record(in: time))
    a.source.fail(ProviderError(.overloaded, "full"))
    b.answer("x")
    #expect(heard.events.first?.name == "flow.route")
    let json = try JSONValue(parsing: #require(heard.events.first?.attributes["flow.route.decision"]?.string))
    #expect(json["chosen"] == "a")
    let ends = heard.ended.map { "\($0.span.name) \($0.outcome.status.name)" }
    #expect(ends == ["route overloaded", "route ok", "chat m ok"])
  }

  @Test func `a router can do what any of its candidates can`() async throws {
    let router = Router(
      [
        RouteCandidate(
          a, capabilities: Capabilities([.tools], missing: [.vision, .audio], contextWindow: 10)),
        RouteCandidate(b, capabilities: Capabilities([.vision], missing: [.audio], contextWindow: 20)),
      ], by: .priority)
    let all = try await router.capabilities(of: "m")
    #expect(all.supports(.tools) == true)
    #expect(all.supports(.vision) == true)
    #expect(all.supports(.audio) == false)
    #expect(all.contextWindow == 20)
    let declared = LedProvider("d", capabilities: Capabilities([.seed]))
    #expect(try await RouteCandidate(declared).discovered().capabilities.supports(.seed) == true)
  }
}

extension Recording {
  /// It is over, and nothing was forbidden.
  fileprivate func expectComplete() throws {
    if let violation = violations.first { throw Missing(violation) }
    guard case .finished? = end else { throw Missing("not complete") }
  }
}
