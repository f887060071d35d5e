// `flow ask`, as people call it.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct AskTests {
  @Test func `the embedded model answers with neither key nor network, and it is said plainly`() async throws
  {
    let said = try await flow("ask", "Why is the sky blue?")
    #expect(said.status == 0)
    #expect(!said.out.isEmpty && said.out.hasSuffix("\n"))
    #expect(said.err.contains("embedded n-gram model answers"))
  }

  @Test func `the text alone goes to the standard output`() async throws {
    let server = try FaultServer(Chat.answer("Hel", "lo."))
    let said = try await ToolRun(["ask"] + server.options + ["Say", "hello."]).end()
    #expect(said.out == "Hello.\n")
    #expect(said.err == "")
    #expect(said.status == 0)
    let body = try #require(server.log.value.requests.first?.body)
    #expect(String(body).contains(#""content":"Say hello.""#))
  }

  @Test func `text is shown while more is awaited`() async throws {
    let gate = Gate()
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"])
      try connection.sendChunk(Chat.piece("Hel"))
      gate.wait()
      try connection.sendChunk(Chat.piece("lo."))
      try connection.sendChunk(Chat.end)
      try connection.sendChunk(Bytes())
    }
    let run = try ToolRun(["ask"] + server.options + ["hello"])
    try await run.said.until { $0.out == "Hel" }
    gate.open()
    #expect(try await run.end().out == "Hello.\n")
  }

  @Test func `Ctrl-C closes the connection, says what was used, and exits with 130`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Type": "text/event-stream"])
      try connection.send(Chat.piece("on"))
      try connection.send(Chat.piece(" and on"))
      try connection.awaitClose()
    }
    let run = try ToolRun(["ask"] + server.options + ["go on"])
    try await run.said.until { $0.out == "on and on" }
    run.interrupt()
    let said = try await run.end()
    #expect(said.status == 130)
    #expect(said.out == "on and on\n")
    #expect(said.err == "flow: cancelled; used about 2 tokens\n")
    try await server.log.until { $0.closedByPeer == 1 }
  }

  @Test func `as JSON every event is a line, and so is a cancellation`() async throws {
    let server = try FaultServer(Chat.answer("Hi"))
    let said = try await ToolRun(["ask", "--json"] + server.options + ["hello"]).end()
    #expect(said.lines.first == #"{"type":"started","id":"1","model":"small"}"#)
    #expect(said.lines.last == #"{"type":"finished","reason":"stop","rawReason":"stop"}"#)
    let slow = try FaultServer(Chat.answer("Hi"), fault: .stall(at: Chat.piece("Hi").count))
    let run = try ToolRun(["ask", "--json"] + slow.options + ["hello"])
    try await run.said.until { $0.out.contains("textDelta") }
    run.interrupt()
    #expect(try await run.end().lines.last == #"{"type":"cancelled"}"#)
  }

  @Test func `a failure is one line with its kind, its status, the request and what to do`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.respond(
        401, ["Content-Type": "application/json", "x-request-id": "req-7"],
        body: #"{"error":{"message":"no\nsuch key","type":"invalid_request_error","code":"invalid_api_key"}}"#
      )
    }
    let said = try await ToolRun(["ask"] + server.options + ["hello"], ["OPENAI_API_KEY": "sk-0123456789"])
      .end()
    #expect(said.status == 1)
    #expect(said.out == "")
    #expect(
      said.err
        == "flow ask: openai: authentication: no such key (HTTP 401, invalid_api_key, request req-7). "
        + "Is the key in OPENAI_API_KEY right?\n")
  }

  @Test func `an answer that breaks off shows what came, and fails`() async throws {
    let server = try FaultServer(
      Chat.answer("Hello"), framing: .untilClose, fault: .cut(at: Chat.piece("Hello").count))
    let said = try await ToolRun(["ask"] + server.options + ["hello"]).end()
    #expect(said.status == 1)
    #expect(said.out == "Hello\n")
    #expect(said.err.hasPrefix("flow ask: openai: truncated: "))
    #expect(said.err.contains("after 5 bytes of text"))
  }

  @Test func `without words the standard input is the prompt, and a dash stands for it among words`()
    async throws
  {
    let server = try FaultServer(Chat.answer("Hi"))
    _ = try await ToolRun(["ask"] + server.options, input: "from outside").end()
    _ = try await ToolRun(["ask"] + server.options + ["Sum up:", "-", "--", "--now"], input: "a text").end()
    let bodies = server.log.value.requests.map { String($0.body) }
    #expect(bodies.first?.contains(#""content":"from outside""#) == true)
    #expect(bodies.last?.contains(#""content":"Sum up: a text --now""#) == true)
  }

  @Test func `options reach the request`() async throws {
    let folder = try Folder()
    let tools = try folder.write("tools", #"[{"type":"function","function":{"name":"look"}}]"#)
    let server = try FaultServer(Chat.answer("Hi"))
    let options = [
      "--system", "Be brief.", "--max-tokens", "7", "--temperature", "0.5", "--seed", "3", "--tools", tools,
      "--tool-choice", "required",
    ]
    let said = try await ToolRun(["ask"] + server.options + options + ["hello"]).end()
    #expect(said.status == 0)
    let body = String(try #require(server.log.value.requests.first).body)
    for part in [
      #"{"role":"system","content":"Be brief."}"#, #""max_tokens":7"#, #""temperature":0.5"#, #""seed":3"#,
      #""name":"look""#, #""tool_choice":"required""#,
    ] { #expect(body.contains(part), "\(part) in \(body)") }
  }

  @Test func `without a model the first that the server lists answers`() async throws {
    let server = try FaultServer { connection in
      while true {
        let request = try connection.readRequest()
        if request.target == "/v1/models" {
          try connection.respond(
            200, ["Content-Type": "application/json"], body: #"{"data":[{"id":"first"},{"id":"second"}]}"#)
        } else {
          try connection.stream(Chat.answer("Hi"))
        }
      }
    }
    let said = try await flow("ask", "hello", with: ["OPENAI_BASE_URL": server.url + "/v1"])
    #expect(said.out == "Hi\n")
    #expect(said.err == "flow: openai answers, because OPENAI_BASE_URL is set.\n")
    #expect(server.log.value.requests.last.map { String($0.body).contains(#""model":"first""#) } == true)
  }

  @Test func `what cannot be asked says what is missing`() async throws {
    let missing = try await flow("ask", "--provider", "anthropic", "hello")
    #expect(missing.status == 1)
    #expect(missing.err == "flow ask: anthropic is not configured. Set ANTHROPIC_API_KEY.\n")
    #expect(try await flow("ask", "--provider", "nobody", "hello").status == 2)
    #expect(try await flow("ask", "--temperature", "hot", "hello").status == 2)
    #expect(try await flow("ask").status == 2)
    let nobody = try await flow(
      "ask", "--provider", "openai", "--base-url", "http://127.0.0.1:1/v1", "--model", "m", "hello")
    #expect(nobody.status == 1)
    #expect(nobody.err.contains("Is there a server at http://127.0.0.1:1/v1"))
  }

  @Test func `a tool call is shown on a line of its own`() async throws {
    let call =
      #"data: {"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c","type":"function","#
      + #""function":{"name":"look","arguments":"{\"at\":1}"}}]}}]}"# + "\n\n"
    let end =
      #"data: {"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"# + "\n\ndata: [DONE]\n\n"
    let server = try FaultServer(Bytes([Chat.piece("Wait."), Bytes(call), Bytes(end)].joined()))
    let said = try await ToolRun(["ask"] + server.options + ["hello"]).end()
    #expect(said.out == "Wait.\n→ look {\"at\":1}\n")
  }
}
