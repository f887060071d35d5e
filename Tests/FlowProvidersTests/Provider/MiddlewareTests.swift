// What stands around a provider.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct MiddlewareTests {
  let time = VirtualTime()

  /// Says what it was asked.
  private struct Echo: ChatProvider {
    let name = "echo"
    func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
      Flow.just(ChatResponse(text: request.messages.map(\.text).joined(separator: " "))).asEvents()
    }
    func capabilities(of model: String) async throws -> Capabilities { Capabilities([.tools]) }
  }

  private struct Adding: Middleware {
    let word: String
    func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
      var request = request
      request.messages.append(.user(word))
      return next(request)
    }
  }

  private struct Refusing: Middleware {
    func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
      .fail(ProviderError(.permission, "not today"))
    }
  }

  private func answer(of provider: any ChatProvider) -> Recording<ChatResponse> {
    let seen = provider.stream(ChatRequest(model: "m", prompt: "a")).asResponse().record(in: time)
    time.run()
    return seen
  }

  @Test func `the first stands outermost`() async throws {
    let provider = Echo().with(Adding(word: "b"), Adding(word: "c"))
    #expect(answer(of: provider).elements.map(\.text) == ["a b c"])
    #expect(provider.name == "echo")
    #expect(try await provider.capabilities(of: "m").supports(.tools) == true)
  }

  @Test func `with nothing around it a provider is itself`() {
    #expect(answer(of: Echo().with([])).elements.map(\.text) == ["a"])
  }

  @Test func `may answer by itself`() throws {
    try answer(of: Echo().with(Refusing(), Adding(word: "b"))).expectFailure(ProviderError.self)
  }
}
