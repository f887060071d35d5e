// Every way to fail has a name, and comes after what was received.
import FlowHTTP
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlFailureTests {
  let transport = CurlTransport.test()
  static let body: Bytes = "data: one\n\ndata: two\n\ndata: three\n\n"

  private func end(_ request: HTTPRequest) async throws -> Witness<HTTPPart>.Seen {
    try await transport.exchange(request).witness().end()
  }

  @Test(arguments: [Framing.length, .chunked])
  func `a body that is cut is closed, after what came of it`(_ framing: Framing) async throws {
    for place in 0..<Self.body.count {
      let server = try FaultServer(Self.body, framing: framing, fault: .cut(at: place))
      let seen = try await end(HTTPRequest("GET", server.url))
      guard case .closed = seen.failure(HTTPError.self) else {
        Issue.record("cut at \(place): \(String(describing: seen.end))")
        continue
      }
      #expect(Bytes(seen.elements.compactMap(\.body).joined()) == Self.body.prefix(place))
    }
  }

  @Test func `a body that nobody said the length of is whole when the connection is closed`() async throws {
    let server = try FaultServer(Self.body, framing: .untilClose, fault: .cut(at: 10))
    #expect(try await end(HTTPRequest("GET", server.url)).isFinished)
  }

  @Test func `a head that is cut anywhere is no response`() async throws {
    let head: Bytes = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n"
    for place in 0..<head.count {
      let server = try FaultServer { connection in
        try connection.readRequest()
        try connection.send(head.prefix(place))
      }
      let seen = try await end(HTTPRequest("GET", server.url))
      #expect(seen.elements.isEmpty)
      switch seen.failure(HTTPError.self) {
      case .closed, .protocolViolation: break
      default: Issue.record("cut at \(place): \(String(describing: seen.end))")
      }
    }
  }

  @Test func `a reset is closed`() async throws {
    for place in [0, 1, 10] {
      let server = try FaultServer(Self.body, fault: .reset(at: place))
      guard case .closed = try await end(HTTPRequest("GET", server.url)).failure(HTTPError.self) else {
        Issue.record("reset at \(place)")
        continue
      }
    }
  }

  @Test func `what is not HTTP is a violation`() async throws {
    for answer in ["SSH-2.0-OpenSSH_9.2\r\n", "hello\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n"] as [Bytes] {
      let server = try FaultServer { connection in
        try connection.readRequest()
        try connection.send(answer)
      }
      guard case .protocolViolation = try await end(HTTPRequest("GET", server.url)).failure(HTTPError.self)
      else {
        Issue.record("\(answer)")
        continue
      }
    }
  }

  @Test func `a server that is not there is no connection`() async throws {
    let port = try FaultServer { _ in }.port
    guard
      case .connect = try await end(HTTPRequest("GET", "http://127.0.0.1:\(port)")).failure(HTTPError.self)
    else {
      Issue.record("no connection was refused")
      return
    }
  }

  @Test func `a body over its limit is too large, after what came within it`() async throws {
    let server = try FaultServer(Bytes([UInt8](repeating: 1, count: 100_000)))
    let limits = HTTPLimits(body: 50_000)
    let seen = try await end(HTTPRequest("GET", server.url, limits: limits))
    #expect(seen.failure(HTTPError.self) == .tooLarge(limit: 50_000))
    #expect(seen.elements.compactMap(\.body?.count).reduce(0, +) <= 50_000)
    #expect(try await end(HTTPRequest("GET", server.url, limits: HTTPLimits(body: 100_000))).isFinished)
  }

  @Test func `a head without end is too large`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.send("HTTP/1.1 200 OK\r\n")
      while true { try connection.send("X-Again: and again and again and again\r\n") }
    }
    #expect(
      try await end(HTTPRequest("GET", server.url)).failure(HTTPError.self) == .tooLarge(limit: 256 << 10))
    try await server.log.until { $0.closedByPeer == 1 }
  }

  @Test func `a request that makes no sense is not sent`() async throws {
    let server = try FaultServer("ok")
    let url = server.url
    let requests = [
      HTTPRequest("GET", "ftp://127.0.0.1/x"), HTTPRequest("GET", "file:///etc/passwd"),
      HTTPRequest("GET", "nowhere:"),
      HTTPRequest("GET", url + "/a b"), HTTPRequest("GET", url + "/\r\nX: y"), HTTPRequest("", url),
      HTTPRequest("GET / HTTP/1.1\r\nX:", url), HTTPRequest("GET", url, headers: ["X": "a\r\nY: b"]),
      HTTPRequest("GET", url, headers: ["X\r\nY": "b"]), HTTPRequest("GET", url, headers: ["": "b"]),
      HTTPRequest("GET", url, limits: HTTPLimits(connect: .zero)),
      HTTPRequest("GET", url, limits: HTTPLimits(total: .seconds(-1))),
      HTTPRequest("GET", url, limits: HTTPLimits(body: -1)),
    ]
    for request in requests {
      guard case .invalidRequest = try await end(request).failure(HTTPError.self) else {
        Issue.record("\(request)")
        continue
      }
    }
    #expect(server.log.value.accepted == 0)
  }

  @Test func `errors and descriptions hold no secret`() async throws {
    let port = try FaultServer { _ in }.port
    let request = HTTPRequest(
      "POST", "http://me:hidden@127.0.0.1:\(port)/path?key=hidden",
      headers: ["Authorization": "Bearer hidden"],
      body: "hidden")
    let error = try #require(try await end(request).failure(HTTPError.self))
    var dumped = ""
    dump(request, to: &dumped)
    for text in ["\(error)", "\(request)", "\(String(reflecting: request))", dumped] {
      #expect(!text.contains("hidden"), "\(text)")
    }
    #expect("\(request)" == "POST http://127.0.0.1:\(port)/path")
  }
}
