// Everything that can go wrong between a provider and here, over real sockets.
import FlowHTTP
import FlowProviders
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct FaultTests {
  /// Says who heeds no proxy of the machine that the tests run on.
  static let transport: CurlTransport = {
    var options = CurlTransport.Options()
    options.proxy = .none
    return CurlTransport(options)
  }()

  static let finishPlace = Chat.token("Hé").count + Chat.token("llo").count
  static let body = Chat.token("Hé") + Chat.token("llo") + Chat.finish() + Chat.done

  private func stream(_ server: FaultServer, limits: ProviderLimits = ProviderLimits()) -> Flow<ChatEvent> {
    Chat.provider(Self.transport, base: server.url, limits: limits).stream(Chat.request)
  }

  private func end(_ server: FaultServer, limits: ProviderLimits = ProviderLimits()) async throws
    -> Witness<ChatEvent>.Seen
  {
    try await stream(server, limits: limits).witness().end()
  }

  /// What every end must be, wherever it came: what was told before is what the error says was told.
  private func check(_ seen: Witness<ChatEvent>.Seen, _ kind: ProviderError.Kind, _ note: String = "") throws
  {
    guard let error = seen.failure(ProviderError.self) else { throw Missing("\(note): \(seen)") }
    #expect(error.kind == kind, "\(note): \(error)")
    #expect(error.emitted.events == seen.elements.count, "\(note)")
    #expect(error.emitted.text == ChatResponse(seen.elements).text.utf8.count, "\(note)")
    #expect(Self.text.hasPrefix(ChatResponse(seen.elements).text), "\(note)")
    #expect(!seen.elements.contains { $0.isTerminal }, "\(note)")
  }
  static let text = "Héllo"

  @Test(arguments: Framing.allCases)
  func `cut at every byte, an answer is truncated, unless it was complete`(_ framing: Framing) async throws {
    // Without the blank line the last event counts all the same, at the end of the bytes.
    let finished = Self.finishPlace + Chat.finish().count - 2
    for place in 0..<Self.body.count {
      let server = try FaultServer(Self.body, framing: framing, fault: .cut(at: place))
      let seen = try await end(server)
      if place < finished {
        try check(seen, .truncated, "cut at \(place)")
      } else if framing == .untilClose || place >= finished + 2 {
        #expect(seen.isFinished, "cut at \(place): \(seen)")
        #expect(ChatResponse(seen.elements).text == Self.text)
      }
    }
  }

  @Test func `reset at any byte, nothing hangs and nothing is invented`() async throws {
    for place in stride(from: 0, to: Self.body.count, by: 7) {
      let server = try FaultServer(Self.body, fault: .reset(at: place))
      let seen = try await end(server)
      if seen.isFinished {
        #expect(ChatResponse(seen.elements).text == Self.text)
      } else {
        // A reset may take back even the head.
        let kind = try #require(seen.failure(ProviderError.self)).kind
        #expect(kind == .truncated || kind == .transport)
        try check(seen, kind, "reset at \(place)")
      }
    }
  }

  @Test func `a drip of bytes, and a letter in two pieces, are the same answer`() async throws {
    let letter = (Self.body.firstIndex(of: 0xC3) ?? 0) + 1
    for fault in [Fault.drip, .split(at: letter), .none] {
      for framing in Framing.allCases {
        let server = try FaultServer(Self.body, framing: framing, fault: fault)
        let seen = try await end(server)
        #expect(seen.isFinished)
        #expect(ChatResponse(seen.elements).text == Self.text)
        #expect(ChatResponse(seen.elements).warnings.isEmpty)
      }
    }
  }

  @Test func `a page, too many requests and an error in the place of an answer are told as what they are`()
    async throws
  {
    let page = try await end(FaultServer(Self.body, fault: .page(status: 502)))
    let gateway = try #require(page.failure(ProviderError.self))
    #expect(gateway.kind == .badGateway && gateway.status == 502 && gateway.isRetryable)
    #expect(gateway.message.contains("proxy"))

    let busy = try await end(FaultServer(Self.body, fault: .tooManyRequests(retryAfter: "17")))
    let limited = try #require(busy.failure(ProviderError.self))
    #expect(limited.kind == .rateLimited && limited.status == 429)
    #expect(limited.retryAfter == .seconds(17))

    let text: Bytes = #"{"error":{"message":"no such model: m","code":"model_not_found"}}"#
    let wrong = try await end(FaultServer(Self.body, fault: .errorBody(text)))
    let missing = try #require(wrong.failure(ProviderError.self))
    #expect(missing.kind == .modelNotFound && missing.status == 200)
    #expect(missing.bodySnippet == String(text))
  }

  @Test func `compressed though identity was asked for, it is understood, or said`() async throws {
    let server = try FaultServer { connection in
      let request = try connection.readRequest()
      #expect(request.headers["Accept-Encoding"] == "identity")
      let encoding = request.target.hasPrefix("/gzip") ? "gzip" : "x-unheard-of"
      try connection.respond(
        200, ["Content-Type": "text/event-stream", "Content-Encoding": encoding],
        body: encoding == "gzip" ? Self.compressed : Self.body)
    }
    let understood = try await Chat.provider(Self.transport, base: server.url + "/gzip").stream(Chat.request)
      .witness().end()
    #expect(understood.isFinished)
    #expect(ChatResponse(understood.elements).text == "Hello")
    let refused = try await Chat.provider(Self.transport, base: server.url + "/other").stream(Chat.request)
      .witness().end()
    let kind = refused.failure(ProviderError.self)?.kind
    #expect(kind == .unsupportedEncoding || refused.isFinished)
  }

  @Test
  func `a body shorter than was promised, or without its last chunk, is truncated, unless it was complete`()
    async throws
  {
    for headers in [
      ["Content-Length": "100000"], ["Transfer-Encoding": "chunked"],
    ] as [HTTPHeaders] {
      for (body, isComplete) in [(Chat.token("Hé"), false), (Self.body, true)] {
        let server = try FaultServer { connection in
          try connection.readRequest()
          try connection.begin(200, headers)
          if headers["Content-Length"] == nil {
            try connection.sendChunk(body)
          } else {
            try connection.send(body)
          }
        }
        let seen = try await end(server)
        if isComplete { #expect(seen.isFinished) } else { try check(seen, .truncated) }
      }
    }
  }

  @Test func `closed after the finish and before the end mark, an answer is complete, with a warning`()
    async throws
  {
    let body = Chat.token("Hé") + Chat.token("llo") + Chat.finish()
    for framing in Framing.allCases {
      for fault in [Fault.none, .cut(at: body.count)] {
        let seen = try await end(FaultServer(body, framing: framing, fault: fault))
        #expect(seen.isFinished, "\(framing)")
        #expect(ChatResponse(seen.elements).text == Self.text)
        #expect(ChatResponse(seen.elements).warnings.map(\.kind) == [.missingEndMark])
      }
    }
  }

  @Test func `stalled, each limit ends the wait, and says what was waited for`() async throws {
    func limits(_ change: (inout ProviderLimits) -> Void) -> ProviderLimits {
      var limits = ProviderLimits.none
      change(&limits)
      return limits
    }
    let short = Duration.milliseconds(60)
    let first = Chat.token("Hé").count
    let cases: [(ProviderError.Phase, Int?, ProviderLimits)] = [
      (.firstByte, nil, limits { $0.firstByte = short }),
      (.firstToken, 0, limits { $0.firstToken = short }),
      (.firstToken, nil, limits { $0.firstToken = short }),
      (.betweenBytes, first, limits { $0.betweenBytes = short }),
      (.betweenTokens, first, limits { $0.betweenTokens = short }),
      (.total, first + 5, limits { $0.total = short }),
    ]
    for (phase, place, limits) in cases {
      let server = try FaultServer { connection in
        try connection.readRequest()
        guard let place else { return try connection.awaitClose() }
        try connection.answer(Self.body, type: "text/event-stream", fault: .stall(at: place))
      }
      let start = ContinuousClock.now
      let seen = try await end(server, limits: limits)
      try check(seen, .timeout(phase), "\(phase)")
      #expect(ContinuousClock.now - start >= short)
      // The server is told.
      try await server.log.until { $0.open == 0 && $0.closedByPeer == 1 }
    }
  }

  @Test func `nobody who could be connected to is a limit on connecting`() async throws {
    // A listener whose queue is full takes no more.
    let full = try FullPort()
    var limits = ProviderLimits.none
    limits.connect = .milliseconds(60)
    let seen = try await Chat.provider(Self.transport, base: full.url, limits: limits).stream(Chat.request)
      .witness().end()
    #expect(seen.failure(ProviderError.self)?.kind == .timeout(.connect))
  }

  @Test func `signs of life keep a connection, not an answer`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Transfer-Encoding": "chunked"])
      while true {
        try connection.sendChunk(": still here\n\n")
        connection.awaitNews(atMost: 5)
      }
    }
    var limits = ProviderLimits.none
    limits.betweenBytes = .seconds(30)
    limits.firstToken = .milliseconds(100)
    let seen = try await end(server, limits: limits)
    #expect(seen.failure(ProviderError.self)?.kind == .timeout(.firstToken))
    #expect(seen.elements.contains(.heartbeat))
  }

  @Test func `a consumer that stops reading stops the server, through the whole provider`() async throws {
    let piece = Bytes([Bytes](repeating: Chat.token("a token of some length"), count: 500).joined())
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Type": "text/event-stream", "Connection": "close"])
      try connection.flood(piece, total: piece.count * 1000)
      try connection.send(Chat.finish() + Chat.done)
    }
    let witness = stream(server).witness(demand: 10)
    try await witness.elements(10)
    let blocked = try await server.log.until { $0.isBlocked }
    #expect(blocked.sent < 8 << 20)
    #expect(witness.seen.value.elements.count == 10)
    witness.cancel()
    try await server.log.until { $0.open == 0 && $0.closedByPeer == 1 }
  }

  @Test func `cancelling closes the socket at once, in every way to call`() async throws {
    let server = try FaultServer(Self.body, fault: .stall(at: Chat.token("Hé").count))
    func isClosed(_ count: Int) async throws {
      try await server.log.until { $0.requests.count == count && $0.open == 0 }
    }
    func isAsked(_ count: Int) async throws { try await server.log.until { $0.requests.count == count } }
    let provider = Chat.provider(Self.transport, base: server.url)
    let witness = provider.stream(Chat.request).witness()
    try await witness.elements(4)
    witness.cancel()
    try await isClosed(1)
    let task = Task { try await provider.complete(Chat.request) }
    try await isAsked(2)
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await isClosed(2)
    let promise = provider.promise(Chat.request)
    try await isAsked(3)
    promise.cancel()
    try await isClosed(3)
    let subscription = provider.complete(Chat.request) { _ in }
    try await isAsked(4)
    subscription.cancel()
    try await isClosed(4)
    let batch = provider.batch([Chat.request], maxInFlight: 1).witness()
    try await isAsked(5)
    batch.cancel()
    try await isClosed(5)
    for try await event in provider.stream(Chat.request).values where event.text != nil { break }
    try await isClosed(6)
  }

  @Test func `the connection of a complete answer is used again`() async throws {
    let server = try FaultServer(Self.body)
    for _ in 0..<10 { #expect(try await end(server).isFinished) }
    #expect(server.log.value.accepted == 1)
  }

  /// An answer, `Hello`, as gzip makes it.
  static let compressed = Bytes(
    [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x7D, 0x8C, 0x31, 0x0A, 0x02, 0x31, 0x10,
      0x45, 0xFB, 0x9C,
      0x42, 0x7E, 0x9D, 0xC2, 0x7A, 0x6A, 0x85, 0xAD, 0xF4, 0x00, 0xCB, 0x22, 0x21, 0x99, 0x65, 0x03, 0xD9,
      0x19, 0x31, 0x53,
      0x08, 0x4B, 0xEE, 0xEE, 0x94, 0x62, 0x61, 0xF7, 0xE0, 0xBF, 0xFF, 0x4A, 0xB2, 0x44, 0xA7, 0x03, 0xB5,
      0x80, 0x90, 0x11,
      0xB1, 0x6B, 0xE1, 0xE6, 0xBC, 0x3B, 0xE7, 0x4D, 0x6B, 0xE6, 0x0E, 0x9A, 0x5D, 0x90, 0xC2, 0x6F, 0xD0,
      0x39, 0xC2, 0x77,
      0x4B, 0xA0, 0x03, 0x59, 0xC5, 0x58, 0xCC, 0xE5, 0x89, 0x5B, 0x53, 0x8C, 0xB1, 0x8C, 0x10, 0xCA, 0x6F,
      0xF1, 0x7F, 0x65,
      0x44, 0xAC, 0x55, 0x6A, 0xDF, 0x1E, 0x2F, 0x4E, 0x5D, 0xC5, 0x4F, 0xDD, 0xF4, 0x89, 0xAF, 0xD6, 0x7C,
      0xB9, 0xDF, 0xAE,
      0x4B, 0x08, 0x1F, 0x1F, 0x1A, 0xBE, 0xEE, 0xAC, 0x00, 0x00, 0x00,
    ] as [UInt8])
}
