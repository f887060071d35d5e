// The provider that is always there.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite(.timeLimit(.minutes(10))) struct EmbeddedProviderTests {
  let provider = EmbeddedProvider()

  private func ask(_ prompt: String, seed: Int = 1) -> ChatRequest {
    ChatRequest(model: "ngram-1", prompt: prompt).with(\.seed, seed)
  }

  @Test func `says what it is`() async throws {
    for question in ["Who are you?", "what are you", "What is your name?"] {
      let response = try await provider.complete(ask(question).with(\.temperature, 0))
      #expect(response.text.contains("ngram-1"))
      #expect(response.text.contains("embedded model of swift-flows"))
      #expect(response.model == "ngram-1")
      #expect(response.finish?.reason == .stop)
    }
    #expect(provider.name == "embedded")
  }

  @Test func `the same seed gives the same answer, another one another`() async throws {
    var answers: Set<String> = []
    for seed in 0..<8 {
      let request = ask("Tell me about the sea and the weather", seed: seed).with(\.temperature, 1)
      let first = try await provider.complete(request).text
      #expect(first == (try await provider.complete(request).text))
      #expect(!first.isEmpty)
      answers.insert(first)
    }
    #expect(answers.count > 3)
  }

  @Test func `comes token by token, in a sequence that keeps the grammar`() async throws {
    let events = try await provider.stream(ask("What is a stream?")).validated(.strict).collect()
    let deltas = events.compactMap(\.text)
    #expect(deltas.count > 5)
    #expect(deltas.allSatisfy { $0.count < 40 })
    let usage = try #require(ChatResponse(events).usage)
    #expect(usage.outputTokens == deltas.count)
    #expect(usage.inputTokens == 5)
    #expect(usage.totalTokens == deltas.count + 5)
  }

  @Test func `picks up words of the prompt`() async throws {
    var found = 0
    for seed in 0..<10 {
      if try await provider.complete(ask("zyxomma", seed: seed)).text.contains("zyxomma") { found += 1 }
    }
    #expect(found > 3)
  }

  @Test func `stops at the length that was asked for`() async throws {
    let response = try await provider.complete(ask("What is a stream?").with(\.maxOutputTokens, 3))
    #expect(response.finish?.reason == .length)
    #expect(response.usage?.outputTokens == 3)
  }

  @Test func `stops before a stop text, wherever tokens end`() async throws {
    let whole = try await provider.complete(ask("What is a stream?").with(\.temperature, 0)).text
    for length in [1, 3, 7] {
      let start = whole.index(whole.startIndex, offsetBy: 12)
      let stop = String(whole[start...].prefix(length))
      let request = ask("What is a stream?").with(\.temperature, 0).with(\.stop, ["never said", stop])
      let response = try await provider.complete(request)
      #expect(response.text == String(whole[..<(try #require(whole.firstRange(of: stop)).lowerBound)]))
      #expect(response.finish?.stopSequence == stop)
    }
  }

  @Test func `another model is not found`() async throws {
    await #expect { try await provider.complete(ChatRequest(model: "gpt-9", prompt: "hi")) } throws: {
      error in
      (error as? ProviderError)?.kind == .modelNotFound
    }
  }

  @Test func `declares what it can do, and what it cannot`() async throws {
    let capabilities = try await provider.capabilities(of: "ngram-1")
    #expect(capabilities.supports(.streaming) == true)
    #expect(capabilities.supports(.seed) == true)
    #expect(capabilities.supports(.tools) == false)
  }
}
