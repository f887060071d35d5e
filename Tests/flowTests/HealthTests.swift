// `flow health`, as people call it.
import FlowHTTP
import FlowProviders
import HTTPTestKit
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct HealthTests {
  private func file(_ folder: Folder, _ good: FaultServer, _ bad: FaultServer) throws -> String {
    try folder.write(
      "flow.json",
      """
      {"providers": {
        "good": {"kind": "openai", "address": "\(good.url)/v1", "key": "env:WORD"},
        "bad": {"kind": "openai", "address": "\(bad.url)/v1"},
        "away": {"kind": "ollama", "address": "127.0.0.1:1"},
        "keyless": {"kind": "openai", "key": "env:NOBODY"}
      }}
      """)
  }

  @Test func `everybody is asked, and the table tells who is there`() async throws {
    let json: HTTPHeaders = ["Content-Type": "application/json"]
    let good = try FaultServer { connection in
      while true {
        _ = try connection.readRequest()
        try connection.respond(200, json, body: #"{"data":[{"id":"a"},{"id":"b"}]}"#)
      }
    }
    let bad = try FaultServer { connection in
      while true {
        let told = try connection.readRequest().headers.map { $0.value }.joined()
        try connection.respond(500, json, body: Bytes(#"{"error":{"message":"\#(told)"}}"#))
      }
    }
    let folder = try Folder()
    let path = try file(folder, good, bad)
    let variables = ["WORD": "sk-canary-a1b2c3d4e5f6"]
    let said = try await flow("health", "--config", path, with: variables)
    #expect(said.status == 1)
    let words = said.lines.map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
    #expect(words == ["good healthy", "bad unhealthy", "away unhealthy", "keyless unhealthy"])
    #expect(said.lines[0].contains("2 models") && said.lines[0].contains(good.url))
    #expect(said.lines[1].contains("HTTP 500"))
    #expect(said.lines[3].contains("no key from env:NOBODY"))
    #expect(!said.out.contains("canary") && said.err.isEmpty)
    #expect(
      good.log.value.requests.map { "\($0.method) \($0.headers["Authorization"] ?? "")" } == [
        "GET Bearer \(variables["WORD"]!)"
      ])

    let lines = try await flow("health", "--json", "--config", path, with: variables).lines
    let rows = try lines.map { try JSONValue(parsing: String($0)) }
    #expect(rows.map { $0["state"]?.string } == ["healthy", "unhealthy", "unhealthy", "unhealthy"])
    #expect(rows[0]["models"] == 2 && rows[0]["seconds"]?.double != nil && rows[0]["kind"] == "openai")
    #expect(rows[2]["error"]?.string?.isEmpty == false)
  }

  @Test func `who is silent is not waited for, at a terminal with a line that tells how far it is`()
    async throws
  {
    let silent = try FaultServer { connection in
      _ = try connection.readRequest()
      _ = try connection.readRequest()
    }
    let folder = try Folder()
    let path = try folder.write(
      "flow.json", #"{"providers":{"mute":{"kind":"openai","address":"\#(silent.url)/v1"},"embedded":{}}}"#)
    let said = try await ToolRun(["health", "--timeout", "1", "--config", path], for: .person).end()
    #expect(said.status == 1)
    #expect(said.out.contains("asking 2 providers"))
    #expect(said.out.contains("mute"))
    #expect(said.out.contains("no answer to a simple question within 1s"))
    #expect(said.out.contains("embedded  healthy"))
  }

  @Test func `nobody to ask is no success`() async throws {
    let said = try await flow("health")
    #expect(said.status == 1)
    #expect(said.err.contains("no provider is configured"))
  }
}
