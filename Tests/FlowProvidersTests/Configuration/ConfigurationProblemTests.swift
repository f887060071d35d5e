// All mistakes at once, each with its place and what would be right.
import Testing

@testable import FlowProviders

@Suite struct ConfigurationProblemTests {
  private func problems(
    _ text: String, _ variables: [String: String] = [:], runTime: [ConfigurationPath: JSONValue] = [:]
  ) -> [ConfigurationProblem] {
    do {
      _ = try Configuration(ConfigurationText("flow.json", text), variables: variables, runTime: runTime)
      return []
    } catch {
      return error.problems
    }
  }

  private func providers(_ text: String) -> [ConfigurationProblem] {
    problems("{\"providers\":{\"ollama\":\(text)}}")
  }

  @Test func `all problems are told at once, with paths, places and allowed values`() {
    let found = problems(
      """
      {
        "providers": {
          "openai": { "key": "sk-abcdefghijklmnop", "limits": { "conect": "5s", "total": "0s" } },
          "mine": { "kind": "opnai" },
          "ollama": { "limits": { "firstByte": 30 }, "retry": { "jitter": "ful" }, "adress": "x" }
        },
        "povider": "ollama"
      }
      """)
    let told = found.map(\.description)
    #expect(
      told == [
        #"flow.json:3:24: providers.openai.key: it says no place where a key is kept; if it is the key, anybody can read it here (allowed: where the key is kept: "env:NAME", "file:…", "command:…", "keychain:…")"#,
        #"flow.json:3:59: providers.openai.limits.conect: there is no such key; did you mean connect? (allowed: connect, firstByte, firstToken, betweenTokens, betweenBytes, total, afterFinish)"#,
        #"flow.json:3:84: providers.openai.limits.total: a limit of nothing is a mistake; for none say "unlimited" (found "0s"; allowed: a duration such as "30s" or "500ms", or "unlimited")"#,
        told[3],
        #"flow.json:5:42: providers.ollama.limits.firstByte: a duration wants a unit (found 30; allowed: a duration such as "30s" or "500ms", or "unlimited")"#,
        #"flow.json:5:69: providers.ollama.retry.jitter: there is no such choice; did you mean full? (found "ful"; allowed: none, full, equal, decorrelated)"#,
        #"flow.json:5:78: providers.ollama.adress: there is no such key; did you mean address? (allowed: kind, address, key, model, apiVersion, limits, retry, rate, concurrency)"#,
        #"flow.json:7:3: povider: there is no such key; did you mean provider? (allowed: profile, provider, providers, cache, profiles)"#,
      ])
    #expect(
      told[3].hasPrefix("flow.json:4:23: providers.mine.kind: there is no such choice; did you mean openai?"))
    #expect(!told.joined().contains("abcdefgh"))
  }

  @Test(arguments: [
    #""sk-proj-0123456789abcdef""#, #""env:sk-0123456789abcdef""#, #""Bearer:0123456789abcdef""#,
    #""0123456789abcdef""#, #"{"value":"0123456789abcdef"}"#, #"["0123456789abcdef"]"#, "1234567890123456",
  ])
  func `a key in clear text is named and not printed`(key: String) throws {
    let found = problems("{\"providers\":{\"openai\":{\"key\":\(key)}}}")
    #expect(found.map(\.path) == ["providers.openai.key"])
    let all = "\(found) \(ConfigurationErrors(found)) \(found.map(\.json))"
    #expect(!all.contains("0123456789") && !all.contains("1234567890"))
  }

  @Test func `what stands at a key that nobody knows is not printed`() {
    let found = providers(#"{"apiKey":"0123456789abcdef","model":7}"#)
    #expect(found.map(\.kind) == [.unknownKey, .wrongType])
    #expect(!"\(found)".contains("0123456789"))
  }

  @Test func `a password in an address may stand in a variable, and in no file`() {
    let file = providers(#"{"address":"https://me:hunter22@box"}"#)
    #expect(file.map(\.kind) == [.clearText])
    #expect(!"\(file)".contains("hunter22"))
    #expect(problems("{}", ["OLLAMA_HOST": "https://me:hunter22@box"]).isEmpty)
    let wrong = problems("{}", ["OLLAMA_HOST": "ftp://me:hunter22@box"])
    #expect(wrong.map(\.path) == ["providers.ollama.address"])
    #expect(!"\(wrong)".contains("hunter22"))
    #expect(!"\(providers(#"{"address":"ftp://me:hunter22@box"}"#))".contains("hunter22"))
  }

  @Test(arguments: [
    (#"{"limits":{"total":"0s"}}"#, "providers.ollama.limits.total"),
    (#"{"limits":{"total":"-5s"}}"#, "providers.ollama.limits.total"),
    (#"{"limits":{"total":0}}"#, "providers.ollama.limits.total"),
    (#"{"limits":{"total":null}}"#, "providers.ollama.limits.total"),
    (#"{"rate":{"requests":"0/s"}}"#, "providers.ollama.rate.requests"),
    (#"{"rate":{"requests":"9/fortnight"}}"#, "providers.ollama.rate.requests"),
    (#"{"concurrency":{"requests":0}}"#, "providers.ollama.concurrency.requests"),
    (#"{"concurrency":{"requests":1.5}}"#, "providers.ollama.concurrency.requests"),
    (#"{"retry":{"attempts":0}}"#, "providers.ollama.retry.attempts"),
    (#"{"retry":{"attempts":"unlimited"}}"#, "providers.ollama.retry.attempts"),
    (#"{"retry":{"initial":"unlimited"}}"#, "providers.ollama.retry.initial"),
    (#"{"model":""}"#, "providers.ollama.model"), (#"{"model":[]}"#, "providers.ollama.model"),
    (#"{"limits":"30s"}"#, "providers.ollama.limits"), (#"[]"#, "providers.ollama"),
  ])
  func `unlimited is a word, and nothing is not it`(text: String, path: ConfigurationPath) {
    let found = providers(text)
    #expect(found.map(\.path) == [path], "\(found)")
    #expect(found.allSatisfy { $0.kind == .wrongType || $0.kind == .notAllowed })
  }

  @Test func `a key that stands twice is a mistake`() {
    let found = providers("{\"model\":\"a\",\n\"model\":\"b\"}")
    #expect(found.map(\.kind) == [.duplicate])
    #expect(found.first?.origin == .file("flow.json", line: 2, column: 1, profile: nil))
    #expect(found.first?.message.hasSuffix("first on line 1") == true)
  }

  @Test(arguments: [
    ("", 1, 1), ("{", 1, 2), ("{\n  \"a\": 1,\n}", 3, 1), ("{\"é\": tru}", 1, 10), ("// no\n{}", 1, 1),
    ("{}\n{}", 2, 1), ("\u{FEFF}{]", 1, 3),
  ])
  func `what is no JSON is told with its line and column`(text: String, line: Int, column: Int) {
    let found = problems(text)
    #expect(found.map(\.kind) == [.unreadable])
    #expect(found.first?.origin == .file("flow.json", line: line, column: column, profile: nil))
  }

  @Test func `mistakes in a profile that is not used are told too`() {
    let found = problems(#"{"profiles":{"prod":{"providers":{"ollama":{"modell":"x"}}}}}"#)
    #expect(found.map(\.path) == ["profiles.prod.providers.ollama.modell"])
    #expect(found.first?.suggestion == "model")
    #expect(found.first.map { "\($0.origin)".hasSuffix("(profile prod)") } == true)
  }

  @Test func `what is wrong in a profile is not missing besides`() {
    let text = #"{"providers":{"openai":{}},"profiles":{"a":{"providers":{"openai":{"key":"k"}}}}}"#
    #expect(problems(text, ["FLOW_PROFILE": "a"]).map(\.kind) == [.clearText])
    let origin = problems(text.replacing(#""key":"k""#, with: ""), ["FLOW_PROFILE": "a"]).last?.origin
    #expect(origin == .file("flow.json", line: 1, column: 15, profile: nil))
  }

  @Test func `a profile that the file does not know is a mistake, but for the usual ones`() {
    let text = #"{"profiles":{"staging":{}}}"#
    #expect(problems(text, ["FLOW_PROFILE": "dev"]).isEmpty)
    let found = problems(text, ["FLOW_PROFILE": "stagign"])
    #expect(found.map(\.origin) == [.variable("FLOW_PROFILE")])
    #expect(found.first?.suggestion == "staging")
  }

  @Test func `variables and what is set at run time are checked like a file`() {
    let found = problems(
      "{}",
      [
        "FLOW__PROVIDERS__OLLAMA__LIMITS__CONECT": "1s", "FLOW__PROVIDERS__OLLAMA__LIMITS": "1s",
        "FLOW__PROVIDERS__OLLAMA__MODEL__X": "1s", "FLOW__PROVIDERS__OLLAMA__RETRY__ATTEMPTS": "many",
        "FLOW__": "x",
      ],
      runTime: [
        "providers.ollama.limits.total": "0s", "providers.ollama.limit.total": "1s", "providers.ollama": "x",
      ])
    #expect(
      Set(found.map { "\($0.origin) \($0.path) \($0.suggestion ?? "")" }) == [
        "variable FLOW__PROVIDERS__OLLAMA__LIMITS__CONECT providers.ollama.limits.conect connect",
        "variable FLOW__PROVIDERS__OLLAMA__LIMITS providers.ollama.limits ",
        "variable FLOW__PROVIDERS__OLLAMA__MODEL__X providers.ollama.model.x ",
        "variable FLOW__PROVIDERS__OLLAMA__RETRY__ATTEMPTS providers.ollama.retry.attempts ",
        #"variable FLOW__ "" "#, "run time providers.ollama.limits.total ",
        "run time providers.ollama.limit limits",
        "run time providers.ollama ",
      ])
  }

  @Test func `who is wanted must be there`() {
    #expect(problems(#"{"provider":"embedded"}"#).isEmpty)
    let misspelt = problems(#"{"provider":"olama","providers":{"ollama":{}}}"#)
    #expect(misspelt.map(\.suggestion) == ["ollama"])
    #expect(problems(#"{"provider":"groq"}"#).map(\.kind) == [.missing])
  }

  @Test func `what a provider needs is missed, once`() {
    #expect(problems(#"{"providers":{"openai":{}}}"#).map(\.path) == ["providers.openai.key"])
    #expect(problems(#"{"providers":{"openai":{"address":"localhost:1"}}}"#).isEmpty)
    #expect(problems(#"{"providers":{"tgi":{}}}"#).map(\.path) == ["providers.tgi.address"])
    #expect(problems(#"{"providers":{"box":{}}}"#).map(\.path) == ["providers.box.kind"])
    #expect(problems(#"{"providers":{"tgi":{"address":"a b"}}}"#).map(\.kind) == [.wrongType])
    #expect(problems(#"{"providers":{"a.b":{}}}"#).map(\.path.description) == [#"providers."a.b""#])
  }

  @Test func `a hostile file costs little, and says little`() {
    let keys = (0..<20_000).map { "\"k\($0)\":0" }.joined(separator: ",")
    #expect(problems("{\(keys)}").count == 1000)
    let long = String(repeating: "k", count: 250_000)
    let found = problems("{\"\(long)\":\"\(long)\",\"provider\":\"\(long)\"}")
    #expect(found.count == 2)
    #expect(found.map(\.description).joined().count < 600)
    #expect(problems(String(repeating: " ", count: 1 << 21) + "{}").map(\.kind) == [.unreadable])
    #expect(problems(String(repeating: "[", count: 100_000)).map(\.kind) == [.unreadable])
  }

  @Test func `as JSON a problem has all its parts`() throws {
    let json = try #require(providers(#"{"modle":1}"#).first).json
    #expect(json["kind"] == "unknownKey")
    #expect(json["path"] == "providers.ollama.modle")
    #expect(json["line"] == 1)
    #expect(json["suggestion"] == "model")
    #expect(json["allowed"]?.string?.contains("model") == true)
  }

  @Test(arguments: [
    ("conect", "connect"), ("FIRST_TOKEN", "firstToken"), ("frist-byte", "firstByte"), ("toatl", "total"),
    ("nonsense", nil), ("", nil),
  ])
  func `a misspelt word has a neighbour`(word: String, meant: String?) {
    #expect(Spelling.nearest(word, among: ["connect", "firstToken", "firstByte", "total"]) == meant)
  }
}
