// Providers out of settings, with what they need handed in.
import FlowHTTP
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite(.timeLimit(.minutes(10))) struct ProviderFactoryTests {
  let time = VirtualTime()

  /// What was sent to a transport that answers everything.
  private final class Sent: Sendable {
    private let last = Latest<HTTPRequest>()
    var request: HTTPRequest? { last.value }

    var transport: PlayedTransport {
      PlayedTransport { [last] request in
        last.value = request
        return .from([Chat.head, .body(Chat.body("hi"))])
      }
    }
  }

  private func registry(_ sent: Sent, _ variables: [String: String]) -> ProviderRegistry {
    ProviderRegistry(
      ProviderDependencies(transport: sent.transport, credentials: EnvironmentCredentials(variables)))
  }

  @Test func `a reference names a provider and a model, and the model goes into every request`() async throws
  {
    let sent = Sent()
    let registry = registry(sent, ["OPENAI_API_KEY": "k-1"])
    let provider = try await registry.provider(for: "openai:gpt-4o")
    #expect(provider.name == "openai")
    #expect(try await provider.complete(ChatRequest(model: "claude", prompt: "x")).text == "hi")
    #expect(sent.request?.url == "https://api.openai.com/v1/chat/completions")
    #expect(sent.request?.headers["Authorization"] == "Bearer k-1")
    #expect(sent.request.map { String($0.body).contains("\"model\":\"gpt-4o\"") } == true)
    // A model's own colon is its own.
    _ = try await registry.provider(for: "ollama:qwen3:8b").complete(ChatRequest(model: "", prompt: "x"))
    #expect(sent.request.map { String($0.body).contains("\"model\":\"qwen3:8b\"") } == true)
    // Without one the request's own model counts, and without that the usual one.
    _ = try await registry.provider(for: "openai").complete(ChatRequest(model: "o3", prompt: "x"))
    #expect(sent.request.map { String($0.body).contains("\"model\":\"o3\"") } == true)
    _ = try await registry.provider(for: "openai:").complete(ChatRequest(model: "", prompt: "x"))
    #expect(sent.request.map { String($0.body).contains("\"model\":\"gpt-4.1-mini\"") } == true)
    #expect(registry.names == ["openai", "ollama"])
  }

  @Test func `the embedded one needs nothing`() async throws {
    let provider = try await registry(Sent(), [:]).provider(for: "embedded")
    #expect(try await provider.complete(ChatRequest(model: "", prompt: "hello")).text.isEmpty == false)
    #expect(try await provider.capabilities(of: "").supports(.tools) == false)
  }

  @Test func `who cannot be made is told, by what is missing`() async throws {
    let registry = registry(Sent(), [:])
    let error = await #expect(throws: CredentialError.self) {
      try await registry.provider(for: "openai:gpt-4o")
    }
    #expect(error?.reference == CredentialReference(scheme: "env", name: "OPENAI_API_KEY"))
    await #expect(throws: RegistryError.incomplete("tgi")) { try await registry.provider(for: "tgi") }
    await #expect(throws: RegistryError.unknown("opnai", suggestion: "openai")) {
      try await registry.provider(for: "opnai:x")
    }
    await #expect(throws: RegistryError.self) { try await registry.provider(for: "") }
    #expect(registry.names.isEmpty)
  }

  @Test func `a key that nobody mentioned goes to the service itself, and nowhere else`() async throws {
    let sent = Sent()
    let registry = registry(sent, ["OPENAI_API_KEY": "k-1"])
    var settings = ProviderSettings("elsewhere", kind: "openai")
    settings.address = ProviderAddress("https://example.com/v1")
    let instance = try await registry.factory.make(settings, with: registry.dependencies)
    _ = try await instance.provider.complete(question)
    #expect(sent.request?.url == "https://example.com/v1/chat/completions")
    #expect(sent.request?.headers["Authorization"] == nil)
    settings.key = CredentialReference("env:OPENAI_API_KEY")
    _ = try await registry.factory.make(settings, with: registry.dependencies).provider.complete(question)
    #expect(sent.request?.headers["Authorization"] == "Bearer k-1")
  }

  @Test func `a scheme of one's own is made once, whoever asks for it at the same time`() throws {
    let made = Latest<[PlayedProvider]>()
    made.value = []
    let factory = ProviderFactory().registering("house") { [time] settings, _ in
      try await time.sleep(for: .seconds(1))
      let provider = PlayedProvider(settings.name)
      made.change { $0.append(provider) }
      return provider.instance
    }
    let registry = ProviderRegistry(in: time, factory: factory)
    let answers = (0..<5).map { number in
      Flow<String>.future { try await registry.provider(for: "house:m\(number)").complete(question).text }
        .record(in: time)
    }
    time.run()
    #expect(answers.map(\.elements) == Array(repeating: ["househousehouse"], count: 5))
    #expect(made.value?.count == 1)
    #expect(made.value?.first?.requests.sorted() == ["m0", "m1", "m2", "m3", "m4"])
  }

  @Test func `a maker that fails is asked again by who comes later`() async throws {
    let tries = Latest<Int>()
    tries.value = 0
    let factory = ProviderFactory().registering("house") { _, _ in
      tries.change { $0 += 1 }
      if tries.value == 1 { throw ProviderError(.transport, "not yet") }
      return PlayedProvider("h").instance
    }
    let registry = ProviderRegistry(
      ProviderDependencies(transport: PlayedTransport(404), credentials: EnvironmentCredentials([:])),
      factory: factory)
    await #expect(throws: ProviderError.self) { try await registry.provider(for: "house") }
    #expect(try await registry.provider(for: "house").name == "house")
  }

  @Test func `what stands around a provider is handed in, by its settings`() async throws {
    struct Adding: Middleware {
      let word: String
      func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
        next(request.with(\.user, word))
      }
    }
    let sent = Sent()
    var dependencies = ProviderDependencies(
      transport: sent.transport, credentials: EnvironmentCredentials(["OPENAI_API_KEY": "k"]))
    dependencies.middleware = { [Adding(word: "for \($0.name)")] }
    let registry = ProviderRegistry(dependencies)
    _ = try await registry.provider(for: "openai").complete(question)
    #expect(sent.request.map { String($0.body).contains("for openai") } == true)
  }

  @Test func `a configuration is followed: new ones come, changed ones are exchanged, others go or stay`()
    async throws
  {
    let sent = Sent()
    let registry = registry(sent, ["K": "k-1"])
    let mine = PlayedProvider("mine")
    try registry.register("mine", mine.instance)
    func configuration(_ providers: String, _ rest: String = "") throws -> Configuration {
      try Configuration(ConfigurationText("f", "{\"providers\":{\(providers)}\(rest)}"))
    }
    let openAI = #""work":{"kind":"openai","key":"env:K"}"#
    var applied = await registry.apply(
      try configuration(openAI + #","box":{"kind":"ollama"},"lost":{"kind":"openai","key":"env:LOST"}"#))
    #expect(applied.registered == ["work", "box"])
    #expect(applied.failed.map(\.name) == ["lost"])
    #expect(registry.names == ["mine", "work", "box"])
    #expect(registry.activeName == "work")
    let numbers = registry.health.map(\.generation)
    applied = await registry.apply(
      try configuration(openAI + #","new":{"kind":"llamacpp"}"#, #","provider":"new""#))
    #expect(applied.registered == ["new"] && applied.removed == ["box"] && applied.replaced.isEmpty)
    #expect(registry.activeName == "new")
    applied = await registry.apply(
      try configuration(
        #""work":{"kind":"openai","key":"env:K","limits":{"total":"9s"}},"mine":{"kind":"ollama"}"#))
    #expect(applied.replaced == ["work"])
    #expect(registry.health.first { $0.name == "mine" }?.generation == numbers[0])
    #expect(registry.health.first { $0.name == "work" }?.generation != numbers[1])
    // Who cannot be exchanged stays.
    applied = await registry.apply(try configuration(#""work":{"kind":"openai","key":"env:LOST"}"#))
    #expect(applied.failed.map(\.name) == ["work"])
    #expect(try await registry.provider(for: "work").complete(question).text == "hi")
  }
}
