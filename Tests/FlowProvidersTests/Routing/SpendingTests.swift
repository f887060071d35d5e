// Answers that cost no more than they may.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct SpendingTests {
  let time = VirtualTime()
  let kept = Kept()
  let inner = LedProvider("p")
  /// A token read costs nothing, one generated a millionth of a dollar: budgets are numbers of tokens.
  let price = TokenPrice(input: 0, output: 1)
  let request = ChatRequest(model: "m", prompt: "hello")

  private func tokens(_ count: Int) -> Money { Money(nanos: count * 1000) }

  private func provider(_ budget: Budget, _ cut: BudgetCut = .finish) -> any ChatProvider {
    inner.with(Spending(budget, whenSpent: cut) { [price] _ in price })
  }

  private func left(_ budget: Budget) -> Int { budget.available(at: time.now).nanos / 1000 }

  @Test func `what an answer can cost is reserved, and what it did cost is settled`() throws {
    let budget = Budget(tokens(1000), per: .hour)
    let seen = provider(budget).stream(request.with(\.maxOutputTokens, 400)).record(in: time)
    #expect(left(budget) == 600)
    inner.answer("hi", usage: Usage(inputTokens: 3, outputTokens: 20))
    #expect(left(budget) == 980)
    #expect(ChatResponse(seen.elements).finish?.reason == .stop)
    // An hour later it is forgotten.
    time.advance(by: .seconds(3600))
    #expect(left(budget) == 980)
    time.advance(by: .seconds(120))
    #expect(left(budget) == 1000)
  }

  @Test func `requests at the same time never reserve together what one could have`() throws {
    let budget = Budget(tokens(1000), per: .hour)
    let seen = (0..<5).map { _ in
      provider(budget).stream(request.with(\.maxOutputTokens, 300)).record(in: time)
    }
    // Three whole ones, one with what was left, and none.
    #expect(inner.asked.value?.map(\.maxOutputTokens) == [300, 300, 300, 100])
    #expect(left(budget) == 0)
    let error = try seen[4].expectFailure(ProviderError.self)
    #expect(error.kind == .quota)
    #expect(!error.isRetryable)
    for one in seen { one.cancel() }
    #expect(left(budget) == 1000)
    withExtendedLifetime(seen) {}
  }

  @Test func `a running answer is cut at its limit, says so, and its provider hears of it`() throws {
    let budget = Budget(tokens(20), per: .run)
    let seen = provider(budget).stream(request).validated(.strict).record(in: time)
    #expect(inner.asked.value?.first?.maxOutputTokens == 20)
    inner.begin()
    inner.say(String(repeating: "x", count: 80))
    #expect(inner.source.isActive)
    inner.say("y")
    try inner.source.expectReleased()
    let response = ChatResponse(seen.elements)
    #expect(response.text.utf8.count == 80)
    #expect(response.finish?.reason == .length)
    #expect(response.finish?.raw == "budget")
    #expect(response.warnings.map(\.kind) == [.budget])
    guard case .finished? = seen.end else { throw Missing("not complete") }
    #expect(seen.violations.isEmpty)
  }

  @Test func `cut with one place at a time, nothing is lost and nothing is said unasked`() throws {
    let seen = provider(Budget(tokens(20), per: .run)).stream(request).record(in: time, demand: 1)
    inner.begin()
    inner.say(String(repeating: "x", count: 81))
    for _ in 0..<20 { seen.request(1) }
    #expect(seen.elements.map(\.name).suffix(4) == ["warning", "textEnded", "roundEnded", "finished"])
    #expect(seen.violations.isEmpty)
  }

  @Test func `or it fails`() throws {
    let seen = provider(Budget(tokens(20), per: .run), .fail).stream(request).record(in: time)
    inner.begin()
    inner.say(String(repeating: "x", count: 81))
    guard case .failed(let error)? = seen.end else { throw Missing("no failure") }
    #expect((error as? ProviderError)?.kind == .quota)
    #expect(seen.elements.count == 3)
    try inner.source.expectReleased()
  }

  @Test func `an answer that is longer than expected reserves more, as long as there is more`() throws {
    let budget = Budget(tokens(1500), per: .hour)
    let seen = provider(budget).stream(request).record(in: time)
    #expect(left(budget) == 1500 - 1024)
    inner.begin()
    inner.say(String(repeating: "x", count: 1025 * 4))
    #expect(left(budget) == 1500 - 1024 - 257)
    inner.say(String(repeating: "x", count: 400 * 4))
    #expect(left(budget) == 0)
    inner.say(String(repeating: "x", count: 100 * 4))
    #expect(ChatResponse(seen.elements).finish?.raw == "budget")
    try inner.source.expectReleased()
    #expect(left(budget) >= 0)
  }

  @Test func `whoever leaves pays for what had come`() throws {
    let budget = Budget(tokens(1000), per: .hour)
    let seen = provider(budget).stream(request.with(\.maxOutputTokens, 400)).record(in: time)
    inner.begin()
    inner.say(String(repeating: "x", count: 40))
    seen.cancel()
    #expect(left(budget) == 990)
  }

  @Test func `a request that was refused has cost nothing`() throws {
    let budget = Budget(tokens(1000), per: .hour)
    let seen = provider(budget).stream(request).record(in: time)
    inner.source.fail(ProviderError(.rateLimited, "later"))
    #expect(seen.end != nil)
    #expect(left(budget) == 1000)
  }

  @Test func `nothing is reserved for what nobody asks for`() throws {
    let budget = Budget(tokens(1000), per: .hour)
    let seen = provider(budget).stream(request).record(in: time, demand: 0)
    #expect(left(budget) == 1000)
    #expect(inner.asked.value == [])
    seen.cancel()
    #expect(left(budget) == 1000)
  }

  @Test func `without a price there is no request`() throws {
    let seen = inner.with(Spending(Budget(tokens(9), per: .run)) { _ in nil }).stream(request).record(
      in: time)
    #expect(try seen.expectFailure(ProviderError.self).kind == .quota)
    #expect(inner.asked.value == [])
  }

  @Test func `a refusal says when there will be more`() throws {
    let budget = Budget(tokens(100), per: .last(.seconds(60)))
    kept.keep(provider(budget).stream(request).record(in: time))
    inner.answer("x", usage: Usage(inputTokens: 0, outputTokens: 100))
    let seen = provider(budget).stream(request).record(in: time)
    #expect(try seen.expectFailure(ProviderError.self).retryAfter == .seconds(61))
    time.advance(by: .seconds(61))
    #expect(left(budget) == 100)
  }

  @Test func `many at once from many threads never overspend`() async throws {
    let budget = Budget(tokens(10_000), per: .hour)
    let provider = SingleAnswerProvider(name: "p") { request in
      ChatResponse(text: "x", usage: Usage(inputTokens: 0, outputTokens: request.maxOutputTokens ?? 0))
    }
    .with(Spending(budget) { [price] _ in price })
    let answered = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<64 {
        group.addTask {
          var request = request
          request.maxOutputTokens = 300
          return (try? await provider.complete(request))?.usage?.outputTokens ?? 0
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(answered == 10_000)
  }

  @Test func `a router drops whom it cannot pay, and settles with the price of whoever answered`() throws {
    let budget = Budget(tokens(1000), per: .hour)
    let (dear, cheap, unknown) = (
      LedProvider("dear"), LedProvider("cheap"), LedProvider("unknown")
    )
    let router = Router(
      [
        RouteCandidate(dear, price: TokenPrice(input: 0, output: 100)), RouteCandidate(unknown),
        RouteCandidate(cheap, price: price),
      ], by: .priority, within: [budget])
    let explained = router.explanation(of: request).record(in: time)
    let decision = try #require(explained.elements.first)
    #expect(decision.verdicts.map(\.name) == ["cheap", "dear", "unknown"])
    #expect(decision.verdicts[1].reasons.first?.hasPrefix("it costs $0.0016 at least") == true)
    let seen = router.stream(request).record(in: time)
    cheap.answer("x", usage: Usage(inputTokens: 1, outputTokens: 10))
    #expect(ChatResponse(seen.elements).text == "x")
    #expect(left(budget) == 990)
  }
}
