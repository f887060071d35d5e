// The examples of docs/guides/configuration.md.
import FlowHTTP
import Flows
import Foundation
import Testing

@testable import FlowProviders

@Suite(.timeLimit(.minutes(10))) struct ConfigurationGuideTests {
  private let guide: String
  private let folder: TemporaryFolder
  private let variables = ["WORK_KEY": "k-1"]

  init() throws {
    let root = (0..<4).reduce(URL(filePath: #filePath)) { url, _ in url.deletingLastPathComponent() }
    guide = try String(contentsOf: root.appending(path: "docs/guides/configuration.md"), encoding: .utf8)
    folder = try TemporaryFolder()
  }

  /// The files in the guide.
  private var files: [String] {
    guide.components(separatedBy: "```json\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  struct Vault: CredentialStore {
    func secret(for reference: CredentialReference) async throws -> Secret? {
      guard reference.scheme == "vault" else { return nil }
      return Secret("the key of \(reference.name)")
    }
  }

  @Test func `the file in it is right, in every profile`() throws {
    let text = try #require(files.first)
    let configuration = try Configuration(ConfigurationText("flow.json", text), variables: variables)
    let connect = configuration.provider(named: "work")?.limits.connect
    let origin = configuration.origin(of: "providers.work.limits.connect")
    #expect(connect == .seconds(5))
    #expect(origin.map { "\($0)" } == "flow.json:8:30")
    #expect(configuration.cache?.age == .seconds(3600))
    #expect(configuration.provider(named: "work")?.middleware.count == 4)
    let prod = try Configuration(ConfigurationText("flow.json", text), profile: "prod")
    #expect(prod.provider(named: "work")?.limits.total == .seconds(300))
    #expect(prod.provider(named: "work")?.key?.scheme == "file")
    #expect(try Configuration(ConfigurationText("flow.json", text), profile: "test").preferred?.name == "box")
  }

  @Test func `every key that there is stands in its table`() {
    func paths(_ node: ConfigurationSchema.Node, _ path: [String]) -> [[String]] {
      switch node {
      case .key: [path]
      case .keys(let members): members.flatMap { paths($0.node, path + [$0.name]) }
      case .names(let node): paths(node, path + ["NAME"])
      }
    }
    let rows = guide.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { $0.split(separator: "|")[0] }
    var written = Set<String>()
    for row in rows {
      let words = row.split(separator: "`").map(String.init).filter { $0.contains { $0.isLetter } }
      let base = words.first?.split(separator: ".").dropLast().joined(separator: ".") ?? ""
      for word in words { written.insert(word.hasPrefix(".") ? base + word : word) }
    }
    for path in paths(ConfigurationSchema.standard.root, []) where path != ["$schema"] {
      #expect(written.contains(path.joined(separator: ".")), "\(path.joined(separator: "."))")
    }
  }

  @Test func `a store, a registry that follows it, and a key of a vault`() async throws {
    let keys = CredentialChain([Vault(), CredentialChain.standard(variables)])
    #expect(try await keys.require(CredentialReference(scheme: "vault", name: "a")) == "the key of a")
    let path = try folder.write("flow.json", #"{"providers":{"embedded":{}}}"#)
    let log = folder.path("log")
    let store = try ConfigurationStore(file: path, variables: variables, audit: AuditLog(log))
    let registry = ProviderRegistry(ProviderDependencies(credentials: keys))
    await registry.apply(store.current)
    let following = store.changes.asyncMap(maxConcurrent: 1) { change in
      if case .applied(let configuration, _) = change {
        await registry.apply(configuration, drain: .seconds(30))
      }
    }
    let follower = following.subscribe { _ in }
    try store.set("providers.box.kind", to: "ollama", by: "me")
    while registry.names != ["embedded", "box"] { await Task.yield() }
    #expect(try AuditLog(log).verify().lines == 2)
    follower.cancel()
  }

  @Test func `a registry at work`() async throws {
    let registry = ProviderRegistry(ProviderDependencies(credentials: CredentialChain.standard([:])))
    let (house, newHouse) = (PlayedProvider("a", letters: 0), PlayedProvider("b", letters: 0))
    let pipes = Pipes()
    let provider = try await registry.provider(for: "embedded:ngram-1")
    let answer = try await provider.complete(ChatRequest(model: "", prompt: "hello"))
    try registry.register("house", ProviderInstance(house, shutdown: { await pipes.close() }))
    try registry.activate("house")
    let retired = try registry.replace("house", with: ProviderInstance(newHouse), drain: .seconds(30))
    await retired.wait()
    #expect(!answer.text.isEmpty)
    #expect(await pipes.isClosed)
    let unwell = registry.healthChanges(askingEvery: .seconds(30)).filter { $0.to == .unhealthy }
    let listener = unwell.subscribe { _ in }
    await registry.shutdown(grace: .seconds(10))
    listener.cancel()
  }

  @Test func `a kind and a section of one's own`() async throws {
    let factory = ProviderFactory.standard.registering("house") { settings, dependencies in
      let reference = settings.key ?? CredentialReference(scheme: "env", name: "HOUSE_KEY")
      let key = try await dependencies.credentials.require(reference)
      let format = OpenAIChat(OpenAIDialect(name: "house", base: "https://house.example/v1"), key: key)
      return ProviderInstance(HTTPProvider(format, over: dependencies.transport, limits: settings.limits))
    }
    let schema = ConfigurationSchema.standard
      .adding("providers", ConfigurationSchema.providers(andKinds: ["house"], credentials: ["vault"]))
      .adding(
        "search", .section(["patience": .value(.duration(.orUnlimited), default: .duration(.seconds(5)))]))
    let configuration = try Configuration(
      ConfigurationText("f", #"{"providers":{"h":{"kind":"house","key":"vault:a"}}}"#), schema: schema)
    #expect(configuration["search.patience"] == .duration(.seconds(5)))
    let sent = Latest<HTTPRequest>()
    let transport = PlayedTransport { request in
      sent.value = request
      return .from([Chat.head, .body(Chat.body("hi"))])
    }
    let registry = ProviderRegistry(
      ProviderDependencies(transport: transport, credentials: Vault()), factory: factory)
    #expect(await registry.apply(configuration).registered == ["h"])
    #expect(try await registry.provider(for: "h:m").complete(question).text == "hi")
    #expect(sent.value?.headers["Authorization"] == "Bearer the key of a")
  }
}

private actor Pipes {
  private(set) var isClosed = false
  func close() { isClosed = true }
}
