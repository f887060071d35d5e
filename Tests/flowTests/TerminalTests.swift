// What a person sees at a terminal, and a program does not get.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct TerminalTests {
  private static let thoughts = Bytes(
    #"data: {"id":"1","model":"small","choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]}"# + "\n\n")
  private static let body = Bytes([thoughts, Chat.piece(#"Yes\u001b[2J!"#), Chat.end].joined())

  @Test func `a person sees the thoughts dimmed, how it went, and no control of the terminal`() async throws {
    let server = try FaultServer(TerminalTests.body)
    let said = try await ToolRun(["ask"] + server.options + ["hello"], for: .person).end()
    let (dim, plain, clear) = ("\u{1B}[2m", "\u{1B}[0m", "\r\u{1B}[K")
    let parts = [
      "\(clear)\(dim)waiting for openai, small …\(plain)", "\(clear)\(dim)Hm.\(plain)", "\r\n",
      "Yes\u{FFFD}[2J!", "\r\n", "\(dim)first token ",
    ]
    #expect(said.out.hasPrefix(parts.joined()), "\(said.out.debugDescription)")
    #expect(said.out.contains(" · 3 tokens read, 2 tokens"))
    #expect(said.out.hasSuffix(" · stop\(plain)\r\n"))
  }

  @Test func `a program gets the text as it is, and nothing else`() async throws {
    let server = try FaultServer(TerminalTests.body)
    let said = try await ToolRun(["ask"] + server.options + ["hello"]).end()
    #expect(said.out == "Yes\u{1B}[2J!\n")
    #expect(said.err == "")
  }

  @Test func `Ctrl-C is heard also while nobody reads`() async throws {
    let piece = Chat.piece(String(repeating: "on and on ", count: 100))
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Type": "text/event-stream"])
      while true { try connection.send(piece) }
    }
    // A pipe that nobody reads is soon full.
    let run = try ToolRun(["ask"] + server.options + ["hello"], for: .nobody)
    try await server.log.until { $0.sent > 1 << 20 }
    run.interrupt()
    try await run.said.until { $0.status == 130 }
    try await server.log.until { $0.closedByPeer == 1 }
  }
}
