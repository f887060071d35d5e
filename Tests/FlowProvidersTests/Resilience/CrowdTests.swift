// A thousand chats at a time with a server that fails at random, over real sockets.
import FlowHTTP
import FlowProviders
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10)), .serialized) struct CrowdTests {
  private static let words = (0..<12).map { "w\($0) " }

  private func transport() -> CurlTransport {
    var options = CurlTransport.Options()
    options.proxy = .none
    return CurlTransport(options)
  }

  /// What a chat says that was asked with this name: it stands in every word.
  private static func body(_ name: String) -> Bytes {
    Bytes((words.map { Chat.token("\(name).\($0)") } + [Chat.finish(), Chat.done]).joined())
  }

  private static func text(_ name: String) -> String { words.map { "\(name).\($0)" }.joined() }

  /// The name that stands in a request.
  private static func name(in request: FaultServer.Request) -> String {
    String(request.target.split(separator: "/").first ?? "")
  }

  @Test func `a thousand chats, a fifth of the connections cut, stalled or refused: answers or typed errors`()
    async throws
  {
    let attempts = Watched([String: Int]())
    let server = try FaultServer { connection in
      while true {
        let name = Self.name(in: try connection.readRequest())
        attempts.change { $0[name, default: 0] += 1 }
        let number = (Int(name) ?? 0) &* 31 &+ (attempts.value[name] ?? 0)
        var chance = SeededGenerator(seed: UInt64(number))
        let body = Self.body(name)
        let place = Int.random(in: 0..<body.count, using: &chance)
        let fault: Fault =
          switch Int.random(in: 0..<20, using: &chance) {
          case 0: .cut(at: place)
          case 1: .stall(at: place)
          case 2: .reset(at: place)
          case 3: .tooManyRequests(retryAfter: "0")
          default: .none
          }
        try connection.answer(body, type: "text/event-stream", fault: fault)
      }
    }
    let transport = transport()
    var limits = ProviderLimits()
    limits.firstToken = .milliseconds(1500)
    limits.betweenTokens = .milliseconds(500)
    limits.total = .seconds(30)
    let policy = RetryPolicy(maxAttempts: 4, backoff: .constant(.milliseconds(10)))
    let retry = ProviderRetry(policy, budget: RetryBudget(share: 0.5, reserve: 500))
    let gate = Bulkhead(maxConcurrent: 200, maxWaiting: 1000)
    let before = openDescriptors()
    let chats = (0..<1000).map { number in
      let provider = Chat.provider(transport, base: server.url + "/\(number)", limits: limits)
        .with(gate, retry)
      return (number, provider.stream(Chat.request).validated(.strict).witness())
    }
    var (answers, broken) = (0, 0)
    for (number, chat) in chats {
      let seen = try await chat.end()
      let text = ChatResponse(seen.elements).text
      // Neither duplicated nor mixed: every word is the chat's own, in order.
      #expect(Self.text("\(number)").hasPrefix(text))
      if seen.isFinished {
        #expect(text == Self.text("\(number)"))
        answers += 1
      } else {
        let error: ProviderError = try #require(seen.failure())
        #expect(
          [.truncated, .transport, .timeout(.betweenTokens), .timeout(.firstToken)].contains(error.kind))
        broken += 1
      }
    }
    #expect(answers + broken == 1000)
    // What broke off before its first word was asked for again.
    #expect(answers > 840)
    #expect(gate.snapshot.inUse == 0 && gate.snapshot.waiting == 0)
    await transport.shutDown()
    try await server.log.until { $0.open == 0 }
    #expect(openDescriptors() < before + 100)
  }

  @Test func `with another to fail over to, every chat has its whole answer`() async throws {
    let broken = try FaultServer { connection in
      while true {
        let name = Self.name(in: try connection.readRequest())
        let body = Self.body(name)
        let place = (Int(name) ?? 0) * 37 % body.count
        try connection.answer(body, type: "text/event-stream", fault: .cut(at: place))
      }
    }
    let whole = try FaultServer { connection in
      while true {
        let request = try connection.readRequest()
        try connection.answer(Self.body(Self.name(in: request)), type: "text/event-stream", fault: .none)
      }
    }
    let transport = transport()
    let chats = (0..<200).map { number in
      let group = ProviderGroup(
        Chat.provider(transport, base: broken.url + "/\(number)"),
        Chat.provider(transport, base: whole.url + "/\(number)"))
      return (number, group.failover().stream(Chat.request).validated(.strict).witness())
    }
    for (number, chat) in chats {
      let seen = try await chat.end()
      #expect(seen.isFinished)
      #expect(ChatResponse(seen.elements).text == Self.text("\(number)"))
    }
    await transport.shutDown()
    try await whole.log.until { $0.open == 0 }
  }

  @Test(arguments: ["race", "hedge"])
  func `a loser's server can send only what the system had taken already`(_ kind: String) async throws {
    // Without end, but not before the race is decided: then as fast as the connection takes it.
    let decided = Gate()
    let word = Chat.token(String(repeating: "x", count: 1000))
    let loser = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Type": "text/event-stream"])
      decided.wait()
      try connection.flood(word, total: 1 << 30)
    }
    let winner = try FaultServer { connection in
      try connection.readRequest()
      try connection.answer(Self.body("7"), type: "text/event-stream", fault: .none)
    }
    let transport = transport()
    let group = ProviderGroup(
      Chat.provider(transport, base: loser.url), Chat.provider(transport, base: winner.url))
    let provider =
      kind == "race"
      ? group.race(decidedBy: .firstToken) : group.hedged(after: .after(.milliseconds(20)))
    let seen = provider.stream(Chat.request).onValue { if $0.text != nil { decided.open() } }.witness()
    #expect(try await seen.end().isFinished)
    #expect(ChatResponse(seen.seen.value.elements).text == Self.text("7"))
    let log = try await loser.log.until { $0.open == 0 && $0.accepted == 1 }
    #expect(log.closedByPeer == 1)
    // Its head, and what fits into the buffers of a socket before the other end closes.
    #expect(log.sent < 8 << 20, "\(log.sent) bytes")
    await transport.shutDown()
  }
}
