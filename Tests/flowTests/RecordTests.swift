// `flow record` and `flow replay`, as people call them.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct RecordTests {
  @Test func `what was recorded is replayed, at once or in its own time`() async throws {
    let folder = try Folder()
    let server = try FaultServer(Chat.answer("Hel", "lo."), fault: .split(at: 70))
    let recorded = try await ToolRun(["record", folder.path("r")] + server.options + ["hello"]).end()
    #expect(recorded.out == "Hello.\n")
    let text = try folder.read("r")
    #expect(text.hasPrefix("flow-recording 1\nrequest POST \(server.url)/v1/chat/completions\n"))
    #expect(text.hasSuffix(" end\n"))
    for speed in ["instant", "real"] {
      let said = try await flow("replay", folder.path("r"), "--speed", speed)
      #expect(said.out == "Hello.\n" && said.status == 0)
    }
    let json = try await flow("replay", folder.path("r"), "--json")
    #expect(json.lines.last == #"{"type":"finished","reason":"stop","rawReason":"stop"}"#)
  }

  @Test func `an exchange that was cancelled is recorded as far as it came`() async throws {
    let folder = try Folder()
    let server = try FaultServer(Chat.answer("Hi"), fault: .stall(at: Chat.piece("Hi").count))
    let run = try ToolRun(["record", folder.path("r")] + server.options + ["hello"])
    try await run.said.until { $0.out == "Hi" }
    run.interrupt()
    #expect(try await run.end().status == 130)
    #expect(try folder.read("r").hasSuffix(" left\n"))
    let replayed = try await flow("replay", folder.path("r"))
    #expect(replayed.out == "Hi\n")
    #expect(replayed.status == 1)
    #expect(replayed.err.hasPrefix("flow replay: truncated: "))
  }

  @Test func `what is no recording is named by its line, and what speaks an unknown language by its address`()
    async throws
  {
    let folder = try Folder()
    let wrong = try await flow("replay", try folder.write("wrong", "flow-recording 1\nnonsense\n"))
    #expect(wrong.status == 1 && wrong.err.hasSuffix("line 2 makes no sense in a recording\n"))
    let text =
      "flow-recording 1\nrequest POST http://x/y\n0.0 status 200\n0.1 data \(Chat.answer("Hi").escapedForTests)\n0.2 end\n"
    let unknown = try await flow("replay", try folder.write("unknown", text))
    #expect(unknown.status == 1 && unknown.err.contains("Name it with --protocol."))
    #expect(try await flow("replay", folder.path("unknown"), "--protocol", "openai-chat").out == "Hi\n")
    #expect(try await flow("replay", folder.path("missing")).status == 1)
  }

  @Test func `the embedded model has no wire to record`() async throws {
    let folder = try Folder()
    #expect(try await flow("record", folder.path("r"), "--provider", "embedded", "hello").status == 2)
    #expect(try await flow("record").status == 2)
  }
}

extension Bytes {
  fileprivate var escapedForTests: String {
    String(self).replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
  }
}
