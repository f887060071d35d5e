// `flow batch`, as people call it.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(2))) struct BatchTests {
  @Test func `answers come in order as lines of JSON, and one that fails ends no other`() async throws {
    let server = try FaultServer { connection in
      while true {
        let request = String(try connection.readRequest().body)
        if request.contains("two") {
          try connection.respond(
            400, ["Content-Type": "application/json"], body: #"{"error":{"message":"no"}}"#)
        } else {
          try connection.stream(Chat.answer(request.contains("one") ? "1" : "3"))
        }
      }
    }
    let said = try await ToolRun(
      ["batch", "--max-in-flight", "2"] + server.options, input: "one\n\ntwo\n  \nthree\n"
    ).end()
    #expect(said.status == 1)
    #expect(said.lines.count == 3)
    #expect(
      said.lines.first.map(String.init)
        == #"{"index":0,"text":"1","reason":"stop","rawReason":"stop","model":"small","#
        + #""usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5}}"#)
    #expect(
      said.lines[1].hasPrefix(#"{"index":1,"error":{"kind":"invalidRequest","message":"no","status":400"#))
    #expect(said.lines[2].hasPrefix(#"{"index":2,"text":"3""#))
  }

  @Test func `no more requests are under way than were allowed`() async throws {
    let (open, gate) = (Watched(0), Gate())
    let server = try FaultServer { connection in
      while true {
        try connection.readRequest()
        open.change { $0 += 1 }
        gate.wait()
        try connection.stream(Chat.answer("Hi"))
      }
    }
    let run = try ToolRun(["batch", "--max-in-flight", "3"] + server.options, input: "a\nb\nc\nd\ne\nf\n")
    try await open.until { $0 == 3 }
    #expect(server.log.value.requests.count == 3)
    gate.open()
    let said = try await run.end()
    #expect(said.status == 0 && said.lines.count == 6)
    #expect(server.log.value.accepted <= 3)
  }

  @Test func `Ctrl-C ends all that are under way`() async throws {
    let server = try FaultServer(Chat.answer("Hi"), fault: .stall(at: 0))
    let run = try ToolRun(["batch", "--max-in-flight", "2"] + server.options, input: "a\nb\nc\n")
    try await server.log.until { $0.requests.count == 2 }
    run.interrupt()
    let said = try await run.end()
    #expect(said.status == 130)
    #expect(said.err == "flow batch: cancelled after 0 of 3 answers\n")
    try await server.log.until { $0.closedByPeer == 2 }
  }

  @Test func `nothing to ask is nothing to do`() async throws {
    let said = try await flow("batch", "--provider", "embedded", input: "\n \n")
    #expect(said.status == 0 && said.out.isEmpty)
  }
}
