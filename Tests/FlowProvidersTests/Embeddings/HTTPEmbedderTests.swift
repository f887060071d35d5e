// Embeddings over real sockets.
import FlowHTTP
import FlowProviders
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct HTTPEmbedderTests {
  /// Answers each text with its length, and begins with so many refusals.
  private func server(refusals: Int = 0) throws -> FaultServer {
    let left = Watched(refusals)
    return try FaultServer { connection in
      while true {
        let request = try connection.readRequest()
        var isRefused = false
        left.change {
          isRefused = $0 > 0
          $0 -= 1
        }
        if isRefused {
          try connection.respond(
            503, ["Content-Type": "application/json", "retry-after-ms": "1"], body: #"{"error":"busy"}"#)
          continue
        }
        let texts = (try? JSONValue(parsing: request.body))?["input"]?.array ?? []
        let data = texts.enumerated().map { index, text -> JSONValue in
          ["index": .integer(index), "embedding": [.integer(text.string?.utf8.count ?? 0), 1]]
        }
        let answer: JSONValue = ["data": .array(data), "usage": ["prompt_tokens": .integer(texts.count)]]
        try connection.respond(200, ["Content-Type": "application/json"], body: Bytes(answer.text))
      }
    }
  }

  private func embedder(_ server: FaultServer, key: Secret? = nil) -> HTTPEmbedder {
    HTTPEmbedder(OpenAIEmbeddings(model: "e", key: key, base: server.url + "/v1"))
  }

  @Test func `a hundred texts, ten at a time, in order`() async throws {
    let server = try server()
    let texts = (0..<100).map { String(repeating: "x", count: $0 + 1) }
    let all = try await embedder(server).embed(texts, batchSize: 10, maxInFlight: 3).collect()
    #expect(all.map(\.index) == Array(0..<100))
    #expect(all.map { Int($0.vector[0]) } == Array(1...100))
    #expect(server.log.value.requests.count == 10)
    #expect(server.log.value.requests.allSatisfy { $0.target == "/v1/embeddings" })
  }

  @Test func `what was refused is asked for again, and nothing else`() async throws {
    let server = try server(refusals: 2)
    let all = try await embedder(server).embed(["a", "bb", "ccc"], batchSize: 1, maxInFlight: 3).collect()
    #expect(all.map(\.vector) == [[1, 1], [2, 1], [3, 1]])
    #expect(server.log.value.requests.count == 5)
  }

  @Test func `a failure is the provider's, without the key`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.respond(
        401, ["Content-Type": "application/json"],
        body: #"{"error":{"message":"wrong key very-secret-key-1","code":"invalid_api_key"}}"#)
    }
    await #expect {
      try await embedder(server, key: "very-secret-key-1").vector(of: "a")
    } throws: { error in
      (error as? ProviderError)?.kind == .authentication && !"\(error)".contains("very-secret-key-1")
    }
  }

  @Test func `a connection that is cut, and a body that is no JSON, are failures`() async throws {
    let cut = try FaultServer("{\"data\": [", type: "application/json", framing: .length, fault: .cut(at: 5))
    await #expect(throws: ProviderError.self) { try await embedder(cut).vector(of: "a") }
    let text = try FaultServer("hello", type: "text/plain", framing: .length)
    await #expect { try await embedder(text).vector(of: "a") } throws: {
      ($0 as? ProviderError)?.kind == .protocolViolation
    }
  }

  @Test func `whoever leaves closes the connection`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.awaitClose()
    }
    let witness = embedder(server).embed(["a"], maxInFlight: 1).witness()
    try await server.log.until { $0.requests.count == 1 }
    witness.cancel()
    try await server.log.until { $0.open == 0 }
  }

  @Test func `a request is told of`() async throws {
    let (server, metrics, heard) = (try server(), Metrics(), Heard())
    let id = SpanID()
    _ = try await embedder(server).embed(batch: ["a"])
      .withValue(CurrentSpan(metrics, id), for: CurrentSpan.self).collect()
    #expect(metrics.snapshot().providers.map(\.operation) == ["embeddings"])
    #expect(metrics.snapshot().providers.first?.requests == 1)
    _ = try await embedder(server).embed(batch: ["a"])
      .withValue(CurrentSpan(heard.log, id), for: CurrentSpan.self).collect()
    #expect(heard.begun.map(\.name) == ["embeddings e"])
  }
}
