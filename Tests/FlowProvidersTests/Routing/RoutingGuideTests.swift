// The examples of docs/guides/routing.md.
import FlowProviders
import Flows
import Testing

@Suite struct RoutingGuideTests {
  let openAI = Chat.named("openai")
  let local = Chat.named("local")
  let coder = Chat.named("coder")
  let anybody = Chat.named("anybody")
  let request = ChatRequest(model: "gpt-4o", prompt: "fix this compiler error")

  @Test func `a router, and why`() async throws {
    let output = Latest<String>()
    func print(_ text: String) { output.value = text }
    let router = Router(
      [
        RouteCandidate(openAI, model: "gpt-4o", price: TokenPrice(input: 2.5, output: 10)),
        RouteCandidate(
          local, model: "llama3", capabilities: Capabilities([.streaming], missing: [.vision]), price: .free),
      ],
      by: .cheapest)
    let answer = try await router.complete(request)
    #expect(answer.text == "So it is")
    let decision = try await router.explain(request)
    print(decision.text)
    #expect(
      output.value?.contains("-> local (llama3): dollars: 0\n2. openai (gpt-4o): dollars: 0.0102") == true)
  }

  @Test func `by meaning`() async throws {
    let routes = SemanticRoutes(
      [
        SemanticRoute(
          "code", examples: ["write a swift function", "fix this compiler error"], candidate: "coder")
      ],
      embedder: HashedEmbedder(), threshold: 0.5, fallback: "anybody")
    let router = Router([RouteCandidate(coder), RouteCandidate(anybody)], by: .semantic(routes))
    #expect(try await router.explain(request).chosen?.name == "coder")
  }

  @Test func `budgets`() async throws {
    let budget = Budget(Money(dollars: 5), per: .hour)
    let prices = try PriceTable(
      json: #"{"openai/gpt-4o": {"input": 2.5, "output": 10, "cachedInput": 1.25}}"#)
    let provider = openAI.with(Spending(budget) { prices["openai", $0.model] })
    #expect(try await provider.complete(request).text == "So it is")
  }
}
