// `flow race`, as people call it.
import FlowHTTP
import FlowProviders
import HTTPTestKit
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct RaceTests {
  /// Answers with a word; or begins to, and waits until whoever asked has left.
  private func server(_ pieces: Bytes..., stalls: Bool = false) throws -> FaultServer {
    try FaultServer { connection in
      while true {
        try connection.readRequest()
        if !stalls {
          try connection.stream(Bytes(pieces.flatMap { Array($0) }))
          continue
        }
        try connection.begin(200, ["Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"])
        for piece in pieces { try connection.sendChunk(piece) }
        try connection.awaitClose()
      }
    }
  }

  private func race(_ a: FaultServer, _ b: FaultServer, _ words: String...) async throws -> ToolRun.Said {
    try await ToolRun(
      ["race", "--providers", "openai:small,groq:small"] + words + ["hello"],
      ["OPENAI_BASE_URL": a.url + "/v1", "GROQ_BASE_URL": b.url + "/v1"]
    ).end()
  }

  @Test func `the first to say something answers, and the others are let go`() async throws {
    let (slow, fast) = (try server(stalls: true), try server(Chat.answer("Hi", " there")))
    let said = try await race(slow, fast)
    #expect(said.status == 0)
    #expect(said.out == "Hi there\n")
    #expect(said.err.hasPrefix("flow: groq:small won after "))
    #expect(said.err.hasSuffix("; openai:small had said nothing\n"))
    try await slow.log.until { $0.open == 0 }
  }

  @Test func `whoever fails has lost`() async throws {
    let broken = try FaultServer(Chat.answer("x"), fault: .tooManyRequests(retryAfter: "9"))
    let said = try await race(broken, server(Chat.answer("Hi")), "--json")
    #expect(said.status == 0)
    let last = try JSONValue(parsing: String(#require(said.lines.last)))
    #expect(last["type"] == "race")
    #expect(last["winner"] == "groq:small")
    #expect(last["runners"]?[1]?["pieces"] == 1)
  }

  @Test func `decided by the whole, whoever began first may lose`() async throws {
    let (eager, whole) = (try server(Chat.piece("Well"), stalls: true), try server(Chat.answer("Hi")))
    let said = try await race(eager, whole, "--decided-by", "first-complete")
    #expect(said.status == 0)
    #expect(said.out == "Hi\n")
    #expect(said.err.hasPrefix("flow: groq:small won after "))
  }

  @Test func `when all fail, all are told`() async throws {
    let broken = try FaultServer(Chat.answer("x"), fault: .page(status: 502))
    let said = try await race(broken, broken)
    #expect(said.status == 1)
    #expect(said.err.contains("openai:small: badGateway"))
    #expect(said.err.contains("groq:small: badGateway"))
  }

  @Test func `a race of one is none`() async throws {
    #expect(try await flow("race", "--providers", "embedded", "hi").status == 2)
    #expect(try await flow("race", "--providers", "embedded,nobody", "hi").status == 2)
    #expect(try await flow("race", "hi").status == 2)
  }
}
