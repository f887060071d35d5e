// `flow probe`, as people call it.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct ProbeTests {
  private static let json: HTTPHeaders = ["Content-Type": "application/json"]

  /// A server with these answers to GET, and these to POST; it knows nothing else.
  private func server(_ gets: [String: Bytes], _ posts: [String: Bytes]) throws -> FaultServer {
    try FaultServer { connection in
      while true {
        let request = try connection.readRequest()
        let answer = (request.method == "GET" ? gets : posts)[request.target]
        guard let answer else {
          try connection.respond(404, ProbeTests.json, body: #"{"error":"not found"}"#)
          continue
        }
        if request.method == "POST", request.body == Bytes("{}") {
          try connection.respond(400, ProbeTests.json, body: #"{"error":"there is nothing in it"}"#)
        } else {
          try connection.respond(200, ProbeTests.json, body: answer)
        }
      }
    }
  }

  @Test func `Ollama is known by its version and its tags`() async throws {
    let answer =
      #"{"model":"qwen","message":{"content":"Hi"},"done":true,"done_reason":"stop","eval_count":1}"#
    let server = try server(
      ["/api/version": #"{"version":"0.9"}"#, "/api/tags": #"{"models":[{"name":"qwen:4b"}]}"#],
      ["/api/chat": Bytes(answer + "\n")])
    let said = try await flow("probe", server.url, "--try")
    #expect(said.status == 0)
    #expect(
      said.out == """
        \(server.url): Ollama 0.9
          models: qwen:4b
          ollama at /api/chat
            flow ask --provider ollama --base-url \(server.url)
            1 pieces, the first after \(said.out.firstMatch(of: #/after (.*)\n/#)?.1 ?? "")
            no deviation

        """)
  }

  @Test func `deviations are told: no end mark, no usage, no reason`() async throws {
    let server = try server(
      ["/v1/models": #"{"data":[{"id":"m","owned_by":"vllm"}]}"#],
      ["/v1/chat/completions": Bytes([Chat.piece("Hi"), "data: [DONE]\n\n"].joined())])
    let said = try await flow("probe", server.url + "/v1", "--try", "--json")
    #expect(said.out.contains(#""server":"vLLM""#))
    #expect(said.out.contains(#""name":"openai-chat""#))
    #expect(said.out.contains("missingFinish"))
    #expect(said.out.contains("it does not tell what was used"))
  }

  @Test func `a server that says yes to everything speaks nothing`() async throws {
    let server = try FaultServer { connection in
      while true {
        try connection.readRequest()
        try connection.respond(
          200, ProbeTests.json, body: #"{"error":"Unexpected endpoint or method. (POST /x)"}"#)
      }
    }
    let said = try await flow("probe", server.url)
    #expect(said.status == 1)
    #expect(said.out.contains("no protocol that is known"))
  }

  @Test func `where there is no server, that is said`() async throws {
    let said = try await flow("probe", "127.0.0.1:1")
    #expect(said.status == 1)
    #expect(said.err.hasPrefix("flow probe: http://127.0.0.1:1: no connection: "))
    #expect(try await flow("probe", "ftp://x").status == 2)
  }
}
