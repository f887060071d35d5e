// `flow config`, and the commands that work with a configuration.
import FlowHTTP
import FlowProviders
import HTTPTestKit
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct ConfigTests {
  private let key = "sk-canary-a1b2c3d4e5f6"

  @Test func `check tells everything that is wrong, and exits with 1`() async throws {
    let folder = try Folder()
    let path = try folder.write(
      "flow.json",
      """
      {
        "providers": {
          "openai": { "key": "\(key)", "limits": { "conect": "5s" } },
          "ollama": { "limits": { "total": "0s" } }
        }
      }
      """)
    let said = try await flow("config", "check", path)
    #expect(said.status == 1)
    #expect(said.lines.count == 3)
    #expect(
      said.lines[0].hasPrefix("\(path):3:24: providers.openai.key: it says no place where a key is kept"))
    #expect(
      said.lines[1].contains("providers.openai.limits.conect: there is no such key; did you mean connect?"))
    #expect(said.lines[2].contains("providers.ollama.limits.total"))
    #expect(!said.out.contains("canary") && said.err.isEmpty)
    let json = try await flow("config", "check", "--json", "--config", path)
    #expect(json.status == 1)
    let problems = try json.lines.map { try JSONValue(parsing: String($0)) }
    #expect(problems.map { $0["kind"]?.string } == ["clearText", "unknownKey", "notAllowed"])
    #expect(problems.map { $0["line"]?.int } == [3, 3, 4])
    #expect(problems[1]["suggestion"] == "connect")
    #expect(!json.out.contains("canary"))
  }

  @Test func `what is right is told in a line, and the profile counts`() async throws {
    let folder = try Folder()
    let path = try folder.write(
      "flow.json",
      #"{"providers":{"ollama":{}},"profiles":{"prod":{"providers":{"work":{"kind":"openai","key":"env:WORK"}}}}}"#
    )
    let said = try await flow("config", "check", with: ["FLOW_CONFIG": path])
    #expect(said.status == 0)
    #expect(said.out == "\(path): nothing is wrong; providers ollama; ollama answers\n")
    let prod = try await flow("config", "check", path, "--profile", "prod", with: ["WORK": key])
    #expect(prod.status == 0)
    #expect(prod.out.contains("profile prod; providers ollama, work"))
    let missing = try await flow("config", "check", path, with: ["FLOW_PROFILE": "prod"])
    #expect(missing.status == 1)
    #expect(missing.out.contains("(profile prod): providers.work.key: no key from env:WORK: it is not set"))
    #expect(try await flow("config", "check").out == "the environment: nothing is wrong; no provider\n")
    #expect(try await flow("config", "check", folder.path("none")).status == 1)
    #expect(try await flow("config").status == 2)
    #expect(try await flow("config", "check", path, path).status == 2)
  }

  @Test func `every profile is checked, unless one is chosen`() async throws {
    let folder = try Folder()
    let path = try folder.write(
      "flow.json",
      #"{"providers":{"ollama":{}},"profiles":{"a":{"providers":{"work":{"kind":"openai"}}},"b":{"provider":"olama"}}}"#
    )
    let said = try await flow("config", "check", path)
    #expect(said.status == 1)
    #expect(said.lines.count == 2)
    #expect(said.lines[0].contains("(profile a): providers.work.key: openai wants a key"))
    #expect(said.lines[1].contains("(profile b): provider: there is no such provider; did you mean ollama?"))
    #expect(try await flow("config", "check", path, "--profile", "b").lines.count == 1)
    #expect(try await flow("config", "check", path, with: ["FLOW_PROFILE": "dev"]).status == 0)
  }

  @Test func `show tells where every value comes from`() async throws {
    let folder = try Folder()
    let path = try folder.write("flow.json", #"{"providers":{"ollama":{"model":"a"}}}"#)
    let said = try await flow(
      "config", "show", path, with: ["OLLAMA_HOST": "https://me:secret-word@box", "GROQ_API_KEY": key])
    #expect(
      said.out == """
        providers.ollama.model = a  (\(path):1:33)
        providers.groq.key = env:GROQ_API_KEY  (variable GROQ_API_KEY)
        providers.ollama.address = https://box  (variable OLLAMA_HOST)

        """)
  }

  @Test func `ask and batch answer by the configuration, and its key is not told`() async throws {
    let server = try FaultServer { connection in
      while true {
        let request = try connection.readRequest()
        try connection.stream(Chat.answer(request.headers["Authorization"] ?? "none"))
      }
    }
    let folder = try Folder()
    let program = #"command:echo \#(key)"#
    let path = try folder.write(
      "flow.json",
      """
      {"provider": "work", "providers": {
        "work": {"kind": "openai", "address": "\(server.url)/v1", "key": "\(program)", "model": "small"}}}
      """)
    for words in [["ask", "--config", path, "hello"], ["batch", "--config", path]] {
      let said = try await ToolRun(words, ["PATH": "/usr/bin:/bin"], input: "hello\n").end()
      #expect(said.status == 0, "\(said)")
      #expect(said.out.contains("•••") && !said.out.contains("canary") && !said.err.contains("canary"))
    }
    #expect(server.log.value.requests.allSatisfy { $0.headers["Authorization"] == "Bearer \(key)" })
    let wrong = try folder.write("wrong.json", #"{"povider":"x"}"#)
    let said = try await flow("ask", "--config", wrong, "hello")
    #expect(said.status == 1)
    #expect(
      said.err.contains("did you mean provider?") && said.err.contains("the configuration has 1 mistake"))
  }
}
