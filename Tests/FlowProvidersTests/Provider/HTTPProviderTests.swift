// A wire format and a transport, joined.
import FlowHTTP
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct HTTPProviderTests {
  let time = VirtualTime()
  let source = TestFlow<HTTPPart>("response")

  private func provider(limits: ProviderLimits = ProviderLimits()) -> HTTPProvider {
    Chat.provider(PlayedTransport { [source] _ in source.flow }, limits: limits)
  }

  private func record(limits: ProviderLimits = ProviderLimits(), demand: FlowDemand = .unlimited)
    -> Recording<ChatEvent>
  {
    provider(limits: limits).stream(Chat.request).record(in: time, demand: demand)
  }

  private func failure(of recording: Recording<ChatEvent>) throws -> ProviderError {
    guard case .failed(let error)? = recording.end else { throw Missing("no failure: \(recording.events)") }
    return try #require(error as? ProviderError)
  }

  @Test func `delivers the events of an answer`() throws {
    let seen = record()
    source.send(Chat.head, .body(Chat.body("Hel", "lo")))
    source.finish()
    let response = ChatResponse(seen.elements)
    #expect(response.text == "Hello")
    #expect(response.finish?.reason == .stop)
    #expect(seen.elements.last == .finished(Finish(.stop, raw: "stop")))
    guard case .finished? = seen.end else { throw Missing("not complete") }
    try source.expectReleased()
  }

  @Test func `sends nothing before the first event is asked for, and each run is a request of its own`()
    throws
  {
    let seen = record(demand: 0)
    #expect(source.subscriptions == 0)
    seen.request(1)
    #expect(source.subscriptions == 1)
    #expect(source.asked == 1)
  }

  @Test func `asks the transport for nothing while its consumer asks for nothing`() throws {
    let seen = record(demand: 1)
    source.send(Chat.head)
    source.send(.body(Chat.token("a") + Chat.token("b")))
    #expect(seen.elements.count == 1)
    #expect(source.asked == 0)
    seen.request(1)
    #expect(source.asked == 0)
    // started, roundStarted, textStarted, two deltas; the sixth is not there yet.
    seen.request(4)
    #expect(seen.elements.count == 5)
    #expect(source.asked == 1)
    #expect(source.askedInTotal == 3)
  }

  @Test func `a consumer that leaves closes the connection at once`() throws {
    let seen = record()
    source.send(Chat.head, .body(Chat.token("a")))
    seen.cancel()
    try source.expectReleased()
    #expect(source.cancellations == 1)
    #expect(seen.end == nil)
  }

  @Test func `tells the rate limits of the head before the answer`() throws {
    let seen = record()
    source.send(
      .head(
        HTTPHead(
          status: 200,
          headers: ["x-ratelimit-remaining-requests": "7", "x-ratelimit-reset-requests": "1m12s"])))
    source.send(.body(Chat.body("a")))
    guard case .rateLimits(let limits)? = seen.elements.first else { throw Missing("no limits") }
    #expect(limits.requests.remaining == 7)
    #expect(limits.requests.reset == .seconds(72))
  }

  @Test func `another status is the error that its body tells, with what the head knows`() throws {
    let seen = record()
    source.send(
      .head(HTTPHead(status: 429, headers: ["x-request-id": "r-1", "Retry-After": "7"])),
      .body(#"{"error":{"message":"slow down","type":"rate_limit_error","code":"rpm"}}"#))
    #expect(seen.end == nil)
    source.finish()
    let error = try failure(of: seen)
    #expect(error.kind == .rateLimited)
    #expect(error.status == 429)
    #expect(error.code == "rpm")
    #expect(error.requestID == "r-1")
    #expect(error.retryAfter == .seconds(7))
    #expect(error.message == "slow down")
    #expect(error.bodySnippet?.contains("slow down") == true)
    #expect(error.isRetryable)
    #expect(error.emitted.events == 0)
    try source.expectReleased()
  }

  @Test func `the body of a refusal that does not come is not waited for for ever`() throws {
    for ending in 0..<3 {
      let source = TestFlow<HTTPPart>("response")
      let seen = Chat.provider(PlayedTransport { _ in source.flow }).stream(Chat.request).record(in: time)
      source.send(.head(HTTPHead(status: 503)), .body("no capac"))
      switch ending {
      case 0: source.fail(HTTPError.closed("reset"))
      case 1: time.advance(by: .seconds(10))
      default: source.send(.body(Bytes([UInt8](repeating: 0x20, count: 1 << 20))))
      }
      #expect(try failure(of: seen).kind == .overloaded)
      #expect(try failure(of: seen).status == 503)
      try source.expectReleased()
    }
  }

  @Test func `a page of HTML is a bad gateway, whatever its status`() throws {
    let page: Bytes = "<html><head><title>Bad gateway</title></head></html>"
    for status in [200, 502] {
      let transport = PlayedTransport(
        status, headers: ["Content-Type": "text/html; charset=utf-8"], body: page)
      let error = try failure(of: Chat.provider(transport).stream(Chat.request).record(in: time))
      #expect(error.kind == .badGateway)
      #expect(error.status == status)
      #expect(error.isRetryable == (status == 502))
      #expect(error.bodySnippet?.contains("<title>") == true)
    }
    // Without a type it is one too.
    let error = try failure(
      of: Chat.provider(PlayedTransport(body: page)).stream(Chat.request).record(in: time))
    #expect(error.kind == .badGateway)
    #expect(error.status == 200)
  }

  @Test func `an error in the place of an answer has what the head knows`() throws {
    let seen = record()
    source.send(
      .head(HTTPHead(status: 200, headers: ["request-id": "r-2", "Retry-After-Ms": "1500"])),
      .body(#"{"error":{"message":"overloaded","type":"overloaded_error"}}"#))
    source.finish()
    let error = try failure(of: seen)
    #expect(error.kind == .overloaded)
    #expect(error.status == 200)
    #expect(error.requestID == "r-2")
    #expect(error.retryAfter == .milliseconds(1500))
    #expect(seen.elements.isEmpty)
  }

  @Test func `an error in the middle of an answer comes after what came before it, once`() throws {
    let seen = record()
    source.send(Chat.head, .body(Chat.token("Hello")))
    source.send(.body(#"data: {"error":{"message":"boom","code":500}}"# + "\n\n" + Chat.token("never")))
    let error = try failure(of: seen)
    #expect(error.message == "boom")
    #expect(error.status == nil || error.status == 500)
    #expect(ChatResponse(seen.elements).text == "Hello")
    #expect(error.emitted.text == 5)
    #expect(error.emitted.events == seen.elements.count)
    #expect(!seen.elements.contains { $0.isTerminal })
    try source.expectReleased()
  }

  @Test(arguments: [
    (HTTPError.connect("refused"), ProviderError.Kind.transport, true),
    (.tls("who are you"), .transport, false), (.closed("reset"), .transport, true),
    (.timeout(.connect, after: .seconds(1)), .timeout(.connect), true),
    (.timeout(.firstByte, after: .seconds(1)), .timeout(.firstByte), true),
    (.timeout(.betweenBytes, after: .seconds(1)), .timeout(.betweenBytes), true),
    (.invalidRequest("no"), .invalidRequest, false), (.protocolViolation("SSH"), .protocolViolation, false),
    (.transport("shut down"), .transport, true),
  ])
  func `a failure of the transport has its kind`(
    _ error: HTTPError, _ kind: ProviderError.Kind, _ isRetryable: Bool
  ) throws {
    let seen = record()
    source.fail(error)
    #expect(try failure(of: seen).kind == kind)
    #expect(try failure(of: seen).isRetryable == isRetryable)
    #expect(try failure(of: seen).emitted.events == 0)
  }

  @Test func `a connection that is closed within an answer has cut it off`() throws {
    for end in [Poll.finished, .failed(HTTPError.closed("reset"))] {
      let source = TestFlow<HTTPPart>("response")
      let seen = Chat.provider(PlayedTransport { _ in source.flow }).stream(Chat.request).record(in: time)
      source.send(Chat.head, .body(Chat.token("Hel")))
      if case .failed(let error) = end { source.fail(error) } else { source.finish() }
      let error = try failure(of: seen)
      #expect(error.kind == .truncated)
      #expect(error.emitted.text == 3)
      #expect(ChatResponse(seen.elements).text == "Hel")
    }
  }

  @Test func `an answer that its provider has called complete is, without the end mark`() throws {
    for ending in 0..<3 {
      let source = TestFlow<HTTPPart>("response")
      let provider = Chat.provider(
        PlayedTransport { _ in source.flow }, limits: ProviderLimits(afterFinish: .seconds(2)))
      let seen = provider.stream(Chat.request).record(in: time)
      source.send(Chat.head, .body(Chat.token("a") + Chat.finish()))
      switch ending {
      case 0: source.finish()
      case 1: source.fail(HTTPError.closed("reset"))
      default:
        time.advance(by: .milliseconds(1999))
        #expect(seen.end == nil)
        time.advance(by: .milliseconds(1))
      }
      guard case .finished? = seen.end else { throw Missing("not complete: \(seen.events)") }
      #expect(ChatResponse(seen.elements).warnings.map(\.kind) == [.missingEndMark])
      try source.expectReleased()
    }
  }

  @Test func `waits a moment for the end of a complete response, so that its connection can be used again`()
    throws
  {
    let seen = record()
    source.send(Chat.head, .body(Chat.body("a")))
    #expect(ChatResponse(seen.elements).text == "a")
    #expect(seen.end == nil)
    time.advance(by: .milliseconds(99))
    #expect(seen.end == nil && source.isActive)
    time.advance(by: .milliseconds(1))
    guard case .finished? = seen.end else { throw Missing("not complete") }
    try source.expectReleased()
  }

  @Test func `a body that is compressed though nobody asked for it says so`() throws {
    let plain = PlayedTransport(body: Bytes([0x1F, 0x8B, 8, 0, 0, 0]))
    #expect(
      try failure(of: Chat.provider(plain).stream(Chat.request).record(in: time)).kind == .unsupportedEncoding
    )
    let seen = record()
    source.send(.head(HTTPHead(status: 200, headers: ["Content-Encoding": "zstd"])))
    source.fail(HTTPError.protocolViolation("unknown encoding"))
    #expect(try failure(of: seen).kind == .unsupportedEncoding)
  }

  @Test func `a key that the provider repeats is told to nobody`() throws {
    let key = "my-very-own-key"
    let transport = PlayedTransport(
      401, body: Bytes("{\"error\":{\"message\":\"bad key \(key)\",\"code\":\"\(key)\"}}"))
    let provider = Chat.provider(transport, key: Secret(key))
    let error = try failure(of: provider.stream(Chat.request).record(in: time))
    #expect(error.kind == .authentication)
    var dumped = ""
    dump(provider, to: &dumped)
    dump(error, to: &dumped)
    for text in ["\(error)", "\(provider)", String(reflecting: provider), dumped] {
      #expect(!text.contains(key), "\(text)")
    }
  }

  @Test func `a redirect is refused, with advice`() throws {
    let transport = PlayedTransport(308, headers: ["Location": "https://elsewhere/"])
    let error = try failure(of: Chat.provider(transport).stream(Chat.request).record(in: time))
    #expect(error.status == 308)
    #expect(error.message.contains("check the address"))
  }

  @Test func `the request goes out as the format has it`() throws {
    let seen = Latest<HTTPRequest>()
    let transport = PlayedTransport { request in
      seen.value = request
      return .from([Chat.head, .body(Chat.body("a"))])
    }
    _ = Chat.provider(transport, key: "k", limits: ProviderLimits(connect: .seconds(3))).stream(Chat.request)
      .record(in: time)
    let request = try #require(seen.value)
    #expect(request.method == "POST")
    #expect(request.url == "http://127.0.0.1:1/v1/chat/completions")
    #expect(request.headers["Authorization"] == "Bearer k")
    #expect(request.headers["Accept-Encoding"] == "identity")
    #expect(request.limits.connect == .seconds(3))
    #expect(String(request.body).contains(#""stream":true"#))
  }
}
