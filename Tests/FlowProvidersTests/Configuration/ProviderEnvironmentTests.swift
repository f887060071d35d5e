// Providers out of variables.
import Testing

@testable import FlowProviders

@Suite struct ProviderEnvironmentTests {
  private let hello = ChatRequest(model: "m", prompt: "Hello")

  private func asked(_ name: String, _ variables: [String: String]) -> WireRequest? {
    ProviderEnvironment(variables).provider(named: name)?.format(for: "m")?.request(for: hello)
  }

  @Test func `without variables nothing is configured, and only servers of this machine can be used`() {
    let environment = ProviderEnvironment([:])
    #expect(environment.firstConfigured == nil)
    #expect(environment.secrets.isEmpty)
    for provider in environment.providers {
      switch (provider.known.place, provider.state) {
      case (.local, .usual): #expect(provider.format(for: "m") != nil)
      case (.service, .missing([provider.known.keyVariables])), (.unknown, .missing):
        #expect(provider.format(for: "m") == nil)
      default: Issue.record("\(provider.name) is \(provider.state)")
      }
    }
  }

  @Test(
    arguments: KnownProvider.all.filter { if case .service = $0.place { true } else { false } }.map(\.name))
  func `a key configures a service, and goes to that service alone`(name: String) throws {
    let known = try #require(KnownProvider(named: name))
    let variable = try #require(known.keyVariables.first)
    let provider = try #require(ProviderEnvironment([variable: "k-0123"]).provider(named: name))
    #expect(provider.state == .configured(by: [variable]))
    let request = try #require(asked(name, [variable: "k-0123"]))
    let usual = try #require(known.place.usual.flatMap { ProviderAddress($0)?.url })
    #expect(request.url.hasPrefix(usual))
    #expect(request.headers.contains { $0.value.revealed.hasSuffix("k-0123") })
    #expect(!request.url.contains("k-0123"))
    #expect(!"\(request)".contains("k-0123"))
  }

  @Test(arguments: KnownProvider.all)
  func `every provider can be moved to another address`(known: KnownProvider) throws {
    let variable = try #require(known.addressVariables.first)
    var variables = [variable: "http://127.0.0.1:9/v1"]
    if known.needs.contains(.model) { variables[known.modelVariable] = "m" }
    if known.needs == [.key, .address, .model] { variables[known.keyVariables[0]] = "k" }
    let request = try #require(asked(known.name, variables))
    #expect(request.url.hasPrefix("http://127.0.0.1:9/"))
    #expect(!request.url.contains("/v1/v1"))
  }

  @Test func `names are unique, and every variable is one's own or shared by one kind`() {
    #expect(Set(KnownProvider.all.map(\.name)).count == KnownProvider.all.count)
    for known in KnownProvider.all {
      #expect(!known.addressVariables.isEmpty && !known.capabilities.features.isEmpty)
    }
  }

  @Test func `elsewhere OpenAI's language is spoken without its newest words`() throws {
    let elsewhere = ["OPENAI_BASE_URL": "localhost:8000/v1"]
    let there = ChatRequest(model: "m", prompt: "Hello", system: "Be brief.").with(\.maxOutputTokens, 5)
    let format = try #require(ProviderEnvironment(elsewhere).provider(named: "openai")?.format(for: "m"))
    let body = format.request(for: there).body
    #expect(body["max_tokens"] == 5)
    #expect(body["messages"]?[0]?["role"] == "system")
    #expect(format.request(for: there)[header: "Authorization"] == nil)
    let home = try #require(
      ProviderEnvironment(["OPENAI_API_KEY": "k"]).provider(named: "openai")?.format(for: "m"))
    #expect(home.request(for: there).body["max_completion_tokens"] == 5)
    #expect(home.request(for: there).body["messages"]?[0]?["role"] == "developer")
  }

  @Test func `blank variables are none, and space around a key is no part of it`() throws {
    #expect(ProviderEnvironment(["OPENAI_API_KEY": " \n"]).firstConfigured == nil)
    let request = try #require(asked("openai", ["OPENAI_API_KEY": " k-1\n"]))
    #expect(request[header: "Authorization"]?.revealed == "Bearer k-1")
  }

  @Test func `what is no address is told by the name of its variable`() {
    let provider = ProviderEnvironment(["OLLAMA_HOST": "not an address"]).provider(named: "ollama")
    #expect(provider?.state == .wrong("OLLAMA_HOST"))
    #expect(provider?.format(for: "m") == nil)
  }

  @Test func `Azure needs a key, a resource and a deployment`() throws {
    let missing = ProviderEnvironment(["AZURE_OPENAI_API_KEY": "k"]).provider(named: "azure")?.state
    #expect(missing == .missing([["AZURE_OPENAI_ENDPOINT"], ["AZURE_OPENAI_DEPLOYMENT"]]))
    let variables = [
      "AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://me.openai.azure.com/",
      "AZURE_OPENAI_DEPLOYMENT": "mini", "OPENAI_API_VERSION": "2025-01-01",
    ]
    let provider = try #require(ProviderEnvironment(variables).provider(named: "azure"))
    #expect(provider.model == "mini")
    let request = try #require(provider.format(for: "mini")).request(for: hello)
    #expect(
      request.url
        == "https://me.openai.azure.com/openai/deployments/mini/chat/completions?api-version=2025-01-01")
    #expect(request[header: "api-key"]?.revealed == "k")
  }

  @Test func `the first that is configured answers, and a wish is told`() {
    let variables = [
      "GROQ_API_KEY": "k", "GEMINI_API_KEY": "k", "FLOW_PROVIDER": "groq", "OPENAI_MODEL": "x",
    ]
    let environment = ProviderEnvironment(variables)
    #expect(environment.firstConfigured?.name == "gemini")
    #expect(environment.wish == "groq")
    #expect(environment.provider(named: "openai")?.model == "x")
  }

  @Test func `secrets are all keys, and the passwords in addresses`() {
    let environment = ProviderEnvironment([
      "OPENAI_API_KEY": "key-one", "OPENAI_BASE_URL": "https://me:word-two@example.com/v1?api-key=key-three",
    ])
    #expect(Set(environment.secrets.map(\.revealed)) == ["key-one", "word-two", "key-three"])
    let provider = environment.provider(named: "openai")
    #expect(provider?.address == "https://example.com/v1")
    #expect(!"\(environment)".contains("key-one"))
  }
}
