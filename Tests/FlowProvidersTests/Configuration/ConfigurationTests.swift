// Layers, profiles, and where a value comes from.
import FlowProviders
import Flows
import Testing

@Suite struct ConfigurationTests {
  private let file = """
    {
      "provider": "work",
      "providers": {
        "work": {
          "kind": "openai",
          "key": "env:WORK_KEY",
          "model": "gpt-4o",
          "limits": { "connect": "5s", "total": "unlimited" }
        },
        "ollama": { "address": "localhost:11434" }
      },
      "profiles": {
        "test": { "providers": { "work": { "limits": { "connect": "1s" }, "model": "gpt-4o-mini" } } }
      }
    }
    """

  private func read(
    _ variables: [String: String] = [:], profile: String? = nil,
    runTime: [ConfigurationPath: JSONValue] = [:]
  ) throws -> Configuration {
    try Configuration(
      ConfigurationText("flow.json", file), variables: variables, profile: profile, runTime: runTime)
  }

  @Test func `a file says who answers and how`() throws {
    let configuration = try read()
    #expect(configuration.providers.map(\.name) == ["work", "ollama"])
    let work = try #require(configuration.provider(named: "work"))
    #expect(work.kind == "openai")
    #expect(work.key == CredentialReference(scheme: "env", name: "WORK_KEY"))
    #expect(work.limits.connect == .seconds(5))
    #expect(work.limits.total == nil)
    // What nobody mentions is as it is without a configuration.
    #expect(work.limits.firstByte == ProviderLimits().firstByte)
    #expect(configuration.provider(named: "ollama")?.address?.url == "http://localhost:11434")
    #expect(configuration.preferred?.name == "work")
    #expect(configuration.profile == nil)
  }

  @Test func `defaults, file, environment, run time: the later layer wins, and every value knows its own`()
    throws
  {
    let path: ConfigurationPath = "providers.work.limits.connect"
    #expect(try Configuration()[path] == .duration(.seconds(30)))
    #expect(try Configuration().origin(of: path) == .defaults)
    #expect(try read()[path] == .duration(.seconds(5)))
    #expect(try read().origin(of: path) == .file("flow.json", line: 8, column: 30, profile: nil))
    let variables = ["FLOW__PROVIDERS__WORK__LIMITS__CONNECT": "7s"]
    #expect(try read(variables)[path] == .duration(.seconds(7)))
    #expect(try read(variables).origin(of: path) == .variable("FLOW__PROVIDERS__WORK__LIMITS__CONNECT"))
    let all = try read(variables, runTime: [path: "9s"])
    #expect(all[path] == .duration(.seconds(9)))
    #expect(all.origin(of: path) == .runTime)
    #expect(all.provider(named: "work")?.limits.connect == .seconds(9))
    #expect(all.origin(of: "providers.work.nothing") == nil)
  }

  @Test func `a profile overrides the rest of its file, and nothing else`() throws {
    for configuration in [try read(["FLOW_PROFILE": "test"]), try read(profile: "test")] {
      #expect(configuration.profile == "test")
      let work = try #require(configuration.provider(named: "work"))
      #expect(work.limits.connect == .seconds(1))
      #expect(work.model == "gpt-4o-mini")
      #expect(work.key?.name == "WORK_KEY")
      let origin = try #require(configuration.origin(of: "providers.work.model"))
      #expect("\(origin)" == "flow.json:13:80 (profile test)")
    }
    let variables = ["FLOW_PROFILE": "test", "FLOW__PROVIDERS__WORK__MODEL": "x"]
    #expect(try read(variables).provider(named: "work")?.model == "x")
    #expect(try read(["FLOW_PROFILE": "prod"]).provider(named: "work")?.model == "gpt-4o")
  }

  @Test func `a file may choose its profile, and the environment another`() throws {
    let file = ConfigurationText(
      "f",
      #"{"profile":"a","provider":"embedded","profiles":{"a":{"provider":"ollama"},"b":{}},"providers":{"ollama":{}}}"#
    )
    #expect(try Configuration(file).preferred?.name == "ollama")
    #expect(try Configuration(file).profile == "a")
    #expect(try Configuration(file, variables: ["FLOW_PROFILE": "b"]).preferred == nil)
  }

  @Test func `the variables by which providers are known configure them`() throws {
    let configuration = try Configuration(
      variables: [
        "GROQ_API_KEY": "gsk-0", "OLLAMA_HOST": "box", "GROQ_MODEL": "big", "FLOW_PROVIDER": "groq",
      ])
    #expect(configuration.providers.map(\.name) == ["groq", "ollama"])
    let groq = try #require(configuration.preferred)
    #expect(groq.key == CredentialReference(scheme: "env", name: "GROQ_API_KEY"))
    #expect(groq.model == "big")
    #expect(configuration.origin(of: "providers.groq.model") == .variable("GROQ_MODEL"))
    #expect(configuration.provider(named: "ollama")?.address?.url == "http://box:11434")
  }

  @Test func `a variable that configures only half of somebody is no mistake`() throws {
    let configuration = try Configuration(variables: ["AZURE_OPENAI_API_KEY": "k", "OPENAI_MODEL": "m"])
    #expect(configuration.providers.isEmpty)
    #expect(throws: ConfigurationErrors.self) {
      try Configuration(ConfigurationText("f", #"{"providers":{"azure":{"key":"env:K"}}}"#))
    }
  }

  @Test func `names in variables are found however they are spelt there`() throws {
    let configuration = try Configuration(
      ConfigurationText("f", #"{"providers":{"myBox_2":{"kind":"ollama"}}}"#),
      variables: [
        "FLOW__PROVIDERS__MY_BOX_2__LIMITS__FIRST_TOKEN": "1m30s",
        "FLOW__PROVIDERS__LMSTUDIO_OPENAI__MODEL": "m",
        "FLOW__PROVIDERS__NEW_ONE__KIND": "llamacpp", "FLOW__PROVIDERS__MYBOX2__RATE__REQUESTS": "60/min",
        "FLOW__PROVIDERS__MYBOX2__CONCURRENCY__REQUESTS": "4",
      ])
    #expect(Set(configuration.providers.map(\.name)) == ["myBox_2", "lmstudio-openai", "new-one"])
    let box = try #require(configuration.provider(named: "myBox_2"))
    #expect(box.limits.firstToken == .seconds(90))
    #expect(box.requestRate == ConfigurationRate(60, per: .seconds(60)))
    #expect(box.maxInFlight == 4)
  }

  @Test func `durations, sizes and rates have units`() throws {
    let schema = ConfigurationSchema().adding(
      "a",
      .section([
        "d": .value(.list(of: .duration())), "s": .value(.list(of: .size())), "r": .value(.list(of: .rate())),
      ]))
    let file = ConfigurationText(
      "f",
      #"{"a":{"d":["30s","500ms","1h30m","2 days"],"s":["64MiB","1.5 GB","3B"],"r":["10/s","5000/day","1/h"]}}"#
    )
    let configuration = try Configuration(file, schema: schema)
    let durations: [Duration] = [.seconds(30), .milliseconds(500), .seconds(5400), .seconds(172_800)]
    #expect(configuration["a.d"]?.list?.compactMap(\.duration) == durations)
    #expect(configuration["a.s"]?.list?.compactMap(\.size) == [67_108_864, 1_500_000_000, 3])
    #expect(configuration["a.s"]?.description == "[64MiB, 1500000000B, 3B]")
    #expect(configuration["a.r"]?.list?.compactMap(\.rate).map(\.description) == ["10/s", "5000/day", "1/h"])
  }

  @Test func `a section of one's own has defaults, a check, and its place in variables`() throws {
    let schema = ConfigurationSchema.standard.adding(
      "search",
      .section([
        "endpoint": .value(.address),
        "patience": .value(.duration(.orUnlimited), default: .duration(.seconds(5))),
      ])
    ) { configuration in
      guard configuration["search.endpoint"] == nil else { return [] }
      return [ConfigurationProblem(.missing, at: "search.endpoint", from: .defaults, "nobody can be asked")]
    }
    #expect(throws: ConfigurationErrors.self) { try Configuration(schema: schema) }
    let configuration = try Configuration(
      variables: ["FLOW__SEARCH__ENDPOINT": "example.com", "FLOW__SEARCH__PATIENCE": "unlimited"],
      schema: schema)
    #expect(configuration["search.patience"] == .unlimited)
    #expect("\(configuration["search.endpoint"]!)" == "https://example.com")
  }

  @Test func `the differences between two name paths, without secrets`() throws {
    let before = try read()
    let after = try Configuration(
      ConfigurationText("flow.json", file.replacing("env:WORK_KEY", with: "command:pass show topsecret")),
      variables: ["OLLAMA_HOST": "https://me:password@box"], runTime: ["providers.work.limits.total": "60s"])
    let differences = after.differences(from: before).map { "\($0.path): \($0.old ?? "-") \($0.new ?? "-")" }
    #expect(
      differences == [
        "providers.work.key: env:WORK_KEY command:pass",
        "providers.work.limits.total: unlimited 60s",
        "providers.ollama.address: http://localhost:11434 https://box",
      ])
    #expect(before.differences(from: before).isEmpty)
    #expect(!"\(after)".contains("topsecret"))
  }

  @Test func `retries become a policy`() throws {
    let file = ConfigurationText(
      "f",
      #"{"providers":{"ollama":{"retry":{"attempts":4,"initial":"1s","factor":3,"max":"9s","jitter":"none","budget":"60s"}}}}"#
    )
    let retry = try #require(try Configuration(file).provider(named: "ollama")).retry.policy
    #expect(retry.maxAttempts == 4)
    #expect(retry.backoff == .exponential(initial: .seconds(1), factor: 3, max: .seconds(9)))
    #expect(retry.jitter == .none)
    #expect(retry.totalBudget == .seconds(60))
    #expect(retry.retryIf(ProviderError(.overloaded, "")))
    #expect(!retry.retryIf(ProviderError(.authentication, "")))
    var late = ProviderError(.overloaded, "")
    late.emitted.text = 1
    #expect(!retry.retryIf(late))
  }
}
