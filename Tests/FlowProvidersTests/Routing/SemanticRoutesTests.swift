// Whom a prompt belongs to.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct SemanticRoutesTests {
  let time = VirtualTime()
  let coder = LedProvider("coder")
  let poet = LedProvider("poet")
  let anybody = LedProvider("anybody")

  /// Counts what it is asked, and fails when it is told to.
  private final class Counting: Embedder {
    let name = "counting"
    let model = "m"
    let batchLimit = 100
    let asked = Latest<[[String]]>()
    let failure = Latest<ProviderError>()

    init() { asked.value = [] }

    func embed(batch texts: [String]) -> Flow<EmbeddingBatch> {
      Flow.deferred { [self] in
        asked.change { $0.append(texts) }
        if let error = failure.value { return .fail(error) }
        return HashedEmbedder().embed(batch: texts)
      }
    }
  }

  private let embedder = Counting()

  private func router(fallback: String? = "anybody") -> Router {
    let routes = SemanticRoutes(
      [
        SemanticRoute(
          "code", examples: ["write a swift function", "fix this compiler error"], candidate: "coder"),
        SemanticRoute("verse", examples: ["write a poem about the sea"], candidate: "poet"),
      ], embedder: embedder, threshold: 0.5, fallback: fallback)
    return Router(
      [RouteCandidate(coder), RouteCandidate(poet), RouteCandidate(anybody)], by: .semantic(routes))
  }

  private func explain(_ router: Router, _ prompt: String) throws -> RoutingDecision {
    let seen = router.explanation(of: ChatRequest(model: "m", prompt: prompt)).record(in: time)
    time.run()
    return try #require(seen.elements.first)
  }

  @Test func `a prompt goes to whom its like belongs, and the examples are asked for once`() throws {
    let router = router()
    let code = try explain(router, "fix the compiler error")
    #expect(code.chosen?.name == "coder")
    #expect(code.remarks.first?.hasPrefix("nearest routes: code 0.") == true)
    #expect(try explain(router, "a poem about the sea").verdicts.map(\.name) == ["poet", "anybody", "coder"])
    #expect(
      embedder.asked.value == [
        ["write a swift function", "fix this compiler error", "write a poem about the sea"],
        ["fix the compiler error"], ["a poem about the sea"],
      ])
  }

  @Test func `what belongs to nobody goes to the fallback`() throws {
    let decision = try explain(router(), "quarterly revenue")
    #expect(decision.chosen?.name == "anybody")
    #expect(decision.remarks.first?.hasSuffix("none reaches 0.5, so the fallback answers") == true)
    #expect(try explain(router(fallback: nil), "quarterly revenue").chosen?.name == "coder")
  }

  @Test func `an embedder that fails does not fail the request, and is asked again`() throws {
    let router = router()
    embedder.failure.value = ProviderError(.authentication, "no key")
    let seen = router.stream(ChatRequest(model: "m", prompt: "a poem about the sea")).record(in: time)
    anybody.answer("hi")
    #expect(ChatResponse(seen.elements).text == "hi")
    #expect(try explain(router, "a poem").remarks.first?.contains("no key") == true)
    embedder.failure.value = nil
    #expect(try explain(router, "a poem about the sea").chosen?.name == "poet")
  }

  @Test func `whoever leaves while it is decided leaves nothing behind`() throws {
    let seen = router().stream(ChatRequest(model: "m", prompt: "x")).record(in: time, demand: 0)
    seen.cancel()
    #expect(embedder.asked.value == [])
    #expect(anybody.asked.value == [])
  }
}
