// `flow batch`, as people call it.
import FlowHTTP
import FlowProviders
import HTTPTestKit
import Testing

@testable import flow

@Suite(.timeLimit(.minutes(10))) struct BatchTests {
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

  @Test func `prompts can stand in a file`() async throws {
    let folder = try Folder()
    let file = try folder.write("prompts", "one\n\ntwo\n")
    let said = try await flow("batch", "--provider", "embedded", "--max-tokens", "3", file)
    #expect(said.status == 0 && said.lines.count == 2)
    #expect(said.lines.last?.hasPrefix(#"{"index":1,"text":"#) == true)
    withExtendedLifetime(folder) {}
  }

  @Test func `a file that is not there, or one too many, is said so`() async throws {
    let missing = try await flow("batch", "--provider", "embedded", "there-is-no-such-file")
    #expect(missing.status == 1 && missing.err.contains("there-is-no-such-file"))
    let many = try await flow("batch", "--provider", "embedded", "a", "b")
    #expect(many.status == 2 && many.err.hasPrefix("flow batch: one file at a time, not a and b\n"))
  }

  @Test func `how far it is, and how long it will take, is told`() {
    let start = ContinuousClock.now
    var progress = BatchProgress(of: 3, at: start)
    #expect(progress.text(at: start) == "0 of 3 answers · 0.00 s")
    progress.note(BatchAnswer(index: 0, result: .success(ChatResponse(text: "a"))))
    #expect(
      progress.text(at: start + .seconds(2)) == "1 of 3 answers · 2.00 s · about 4.00 s left")
    progress.note(BatchAnswer(index: 1, result: .failure(ProviderError(.overloaded, "no"))))
    progress.note(BatchAnswer(index: 2, result: .success(ChatResponse(text: "a"))))
    #expect(progress.text(at: start + .seconds(3)) == "3 of 3 answers · 1 failed · 3.00 s")
  }

  @Test func `nothing to ask is nothing to do`() async throws {
    let said = try await flow("batch", "--provider", "embedded", input: "\n \n")
    #expect(said.status == 0 && said.out.isEmpty)
  }
}
