// The real transport against a real socket.
import FlowHTTP
import Flows
import HTTPTestKit
import Testing

@Suite struct CurlTransportTests {
  let transport = CurlTransport.test()

  @Test(arguments: Framing.allCases)
  func `delivers the head, then the body`(_ framing: Framing) async throws {
    let server = try FaultServer("data: hello\n\n", framing: framing)
    let witness = transport.exchange(HTTPRequest("GET", server.url)).witness()
    let seen = try await witness.end()
    #expect(seen.isFinished)
    #expect(seen.elements.first?.head?.status == 200)
    #expect(seen.elements.first?.head?.headers["content-type"] == "text/event-stream")
    #expect(Bytes(seen.elements.compactMap(\.body).joined()) == "data: hello\n\n")
  }

  @Test func `sends what the request says and nothing that it does not`() async throws {
    let server = try FaultServer("ok")
    let request = HTTPRequest(
      "POST", server.url + "/v1/chat?x=1",
      headers: ["X-Api-Key": "secret", "Content-Type": "text/plain", "X-Empty": ""],
      body: Bytes([UInt8](repeating: 0x61, count: 2 << 20)))
    _ = try await transport.response(to: request)
    let sent = try #require(server.log.value.requests.first)
    #expect(sent.method == "POST")
    #expect(sent.target == "/v1/chat?x=1")
    #expect(sent.body == request.body)
    let names = Set(sent.headers.map(\.name))
    #expect(
      names == [
        "Host", "User-Agent", "Accept", "Accept-Encoding", "X-Api-Key", "Content-Type", "X-Empty",
        "Content-Length",
      ])
    #expect(sent.headers["Accept-Encoding"] == "identity")
    #expect(sent.headers["User-Agent"] == "swift-flows")
    #expect(sent.headers["X-Empty"] == "")
  }

  @Test(arguments: ["GET", "PUT", "PATCH", "DELETE", "POST", "HEAD"])
  func `speaks every method, with and without a body`(_ method: String) async throws {
    let server = try FaultServer { connection in
      while true {
        let request = try connection.readRequest()
        try connection.begin(200, ["Content-Length": request.method == "HEAD" ? "5" : "0"])
      }
    }
    for body in ["", "hello"] as [Bytes] where method != "HEAD" || body.isEmpty {
      let response = try await transport.response(to: HTTPRequest(method, server.url, body: body))
      #expect(response.head.status == 200)
      #expect(response.body.isEmpty)
    }
    #expect(server.log.value.requests.allSatisfy { $0.method == method })
    #expect(server.log.value.requests.last?.body == (method == "HEAD" ? "" : "hello"))
  }

  @Test func `nothing is sent before something is asked for`() async throws {
    let server = try FaultServer("ok")
    let witness = transport.exchange(HTTPRequest("GET", server.url + "/first")).witness(demand: 0)
    // Had the first been sent, it would have been sent before this one.
    _ = try await transport.response(to: HTTPRequest("GET", server.url + "/second"))
    #expect(server.log.value.requests.map(\.target) == ["/second"])
    witness.request(1)
    #expect(try await witness.elements(1).first?.head?.status == 200)
    #expect(witness.seen.value.elements.count == 1)
  }

  @Test func `every run is an exchange of its own`() async throws {
    let server = try FaultServer("ok")
    let exchange = transport.exchange(HTTPRequest("GET", server.url))
    for _ in 0..<3 {
      #expect(try await exchange.body().reduce(into: [UInt8]()) { $0 += $1 } == Array("ok".utf8))
    }
    #expect(server.log.value.requests.count == 3)
  }

  @Test func `connections are used again`() async throws {
    let server = try FaultServer("ok")
    for _ in 0..<20 { _ = try await transport.response(to: HTTPRequest("GET", server.url)) }
    #expect(server.log.value.requests.count == 20)
    #expect(server.log.value.accepted == 1)
  }

  @Test func `one part for each that is asked for`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Transfer-Encoding": "chunked"])
      for _ in 0..<50 { try connection.sendChunk("x") }
      try connection.sendChunk("")
    }
    let witness = transport.exchange(HTTPRequest("GET", server.url)).witness(demand: 1)
    var asked = 1
    while try await witness.seen.until({ [asked] in $0.elements.count == asked || $0.end != nil }).end == nil
    {
      #expect(witness.seen.value.elements.count == asked)
      asked += 1
      witness.request(1)
    }
    #expect(Bytes(witness.seen.value.elements.compactMap(\.body).joined()).count == 50)
  }

  @Test func `a status is no failure, and a redirect is not followed`() async throws {
    let server = try FaultServer { connection in
      while true {
        let status = Int(try connection.readRequest().target.dropFirst()) ?? 0
        try connection.respond(status, ["Location": "/200"], body: status == 204 ? "" : "text")
      }
    }
    for status in [200, 204, 302, 308, 401, 404, 500, 503] {
      let response = try await transport.response(to: HTTPRequest("GET", server.url + "/\(status)"))
      #expect(response.head.status == status)
    }
    #expect(server.log.value.requests.count == 8)
  }

  @Test func `heads that are on the way to the head are passed over, and so are trailers`() async throws {
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
      try connection.send(
        "HTTP/1.1 200 OK\r\nX-Twice: a\r\nX-Twice:  b \r\nTransfer-Encoding: chunked\r\n\r\n")
      try connection.send("2\r\nok\r\n0\r\nX-Trailer: late\r\n\r\n")
    }
    let response = try await transport.response(to: HTTPRequest("GET", server.url))
    #expect(response.head.status == 200)
    #expect(response.head.headers.map(\.name) == ["X-Twice", "X-Twice", "Transfer-Encoding"])
    #expect(response.head.headers.values(of: "x-twice") == ["a", "b"])
    #expect(response.body == "ok")
  }

  @Test func `what is compressed all the same is understood`() async throws {
    // "hello, hello, hello" as gzip has it.
    let packed: [UInt8] = [
      0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xD7, 0x51,
      0xC8, 0x40, 0xA2, 0x00, 0x9F, 0xA1, 0xCA, 0x09, 0x13, 0x00, 0x00, 0x00,
    ]
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.respond(200, ["Content-Encoding": "gzip"], body: Bytes(packed))
    }
    let response = try await transport.response(to: HTTPRequest("GET", server.url))
    #expect(response.body == "hello, hello, hello")
  }

  @Test func `a proxy is asked for what it is a proxy of`() async throws {
    let server = try FaultServer("from the proxy")
    var options = CurlTransport.Options()
    options.proxy = .url(server.url)
    let response = try await CurlTransport(options).response(to: HTTPRequest("GET", "http://far.invalid/x"))
    #expect(response.body == "from the proxy")
    #expect(server.log.value.requests.first?.target == "http://far.invalid/x")
  }

  @Test func `a transport that was shut down has closed everything, and begins nothing`() async throws {
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let transport = CurlTransport.test()
    let witness = transport.exchange(HTTPRequest("GET", server.url)).witness()
    try await witness.elements(2)
    await transport.shutDown()
    #expect(try await witness.end().failure(HTTPError.self) == .transport("it was shut down"))
    try await server.log.until { $0.open == 0 }
    await #expect(throws: HTTPError.transport("it was shut down")) {
      try await transport.response(to: HTTPRequest("GET", server.url))
    }
    await transport.shutDown()
  }
}

extension CurlTransport {
  /// A transport that heeds no proxy of the machine that the tests run on.
  static func test(_ change: (inout Options) -> Void = { _ in }) -> CurlTransport {
    var options = Options()
    options.proxy = .none
    change(&options)
    return CurlTransport(options)
  }
}
