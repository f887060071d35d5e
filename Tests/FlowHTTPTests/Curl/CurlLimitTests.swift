// Each limit on time has its phase. Time is virtual, the sockets are real.
import FlowHTTP
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlLimitTests {
  let transport = CurlTransport.test()
  static let limits = HTTPLimits(
    connect: .seconds(1), firstByte: .seconds(10), betweenBytes: .seconds(5), total: .seconds(100))

  private func witness(_ server: FaultServer, demand: FlowDemand = .unlimited, in time: VirtualTime)
    -> Witness<HTTPPart>
  {
    transport.exchange(HTTPRequest("GET", server.url, limits: Self.limits)).witness(demand: demand, in: time)
  }

  @Test func `a connection that does not come is given up`() async throws {
    let time = VirtualTime()
    // Secure on this side only: the server waits for words that never come, and so does the handshake.
    let server = try FaultServer { connection in try connection.awaitClose() }
    let url = "https" + server.url.dropFirst(4)
    let witness = transport.exchange(HTTPRequest("GET", url, limits: Self.limits)).witness(in: time)
    try await server.log.until { $0.accepted == 1 }
    time.advance(by: .milliseconds(999))
    #expect(witness.seen.value.end == nil)
    time.advance(by: .milliseconds(1))
    #expect(witness.seen.value.failure(HTTPError.self) == .timeout(.connect, after: .seconds(1)))
    try await server.log.until { $0.closedByPeer == 1 }
  }

  @Test func `a response that does not begin is given up`() async throws {
    let time = VirtualTime()
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.awaitClose()
    }
    let witness = witness(server, in: time)
    try await server.log.until { $0.requests.count == 1 }
    // The connection stands: its limit is over, and the next has begun when that was seen.
    time.advance(by: .seconds(1))
    #expect(witness.seen.value.end == nil)
    time.advance(by: .seconds(10))
    #expect(witness.seen.value.failure(HTTPError.self) == .timeout(.firstByte, after: .seconds(10)))
    try await server.log.until { $0.closedByPeer == 1 }
  }

  @Test func `a body that stalls is given up, after what came of it`() async throws {
    let time = VirtualTime()
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let witness = witness(server, in: time)
    try await witness.elements(2)
    time.advance(by: .seconds(6))
    #expect(witness.seen.value.failure(HTTPError.self) == .timeout(.betweenBytes, after: .seconds(5)))
    #expect(witness.seen.value.elements.last == .body("01234"))
    try await server.log.until { $0.closedByPeer == 1 }
  }

  @Test func `every byte begins the gap anew, until the total is over`() async throws {
    let time = VirtualTime()
    let steps = Watched(0)
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Transfer-Encoding": "chunked"])
      // A byte for each step of the test.
      for step in 0..<25 {
        try connection.sendChunk("x")
        steps.wait(whileEqual: step)
      }
      try connection.awaitClose()
    }
    let witness = witness(server, in: time)
    for step in 1...24 {
      try await witness.elements(1 + step)
      time.advance(by: .seconds(4))
      #expect(witness.seen.value.end == nil, "after \(step) bytes")
      steps.change { $0 += 1 }
    }
    try await witness.elements(26)
    time.advance(by: .seconds(4))
    #expect(witness.seen.value.failure(HTTPError.self) == .timeout(.total, after: .seconds(100)))
    steps.change { $0 += 1 }
    try await server.log.until { $0.open == 0 }
  }

  @Test func `a consumer that does not ask is no gap`() async throws {
    let time = VirtualTime()
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let witness = witness(server, demand: 2, in: time)
    try await witness.elements(2)
    time.advance(by: .seconds(60))
    #expect(witness.seen.value.end == nil)
    witness.request(1)
    time.advance(by: .seconds(4))
    #expect(witness.seen.value.end == nil)
    time.advance(by: .seconds(1))
    #expect(witness.seen.value.failure(HTTPError.self) == .timeout(.betweenBytes, after: .seconds(5)))
  }

  @Test func `a response that is whole in time leaves no timer`() async throws {
    let time = VirtualTime()
    let server = try FaultServer("0123456789")
    let witness = witness(server, in: time)
    #expect(try await witness.end().isFinished)
    #expect(time.pendingTimers == 0)
  }

  @Test func `without limits there is no timer at all`() async throws {
    let time = VirtualTime()
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let witness = transport.exchange(HTTPRequest("GET", server.url, limits: .none)).witness(in: time)
    try await witness.elements(2)
    #expect(time.pendingTimers == 0)
    time.advance(by: .seconds(1_000_000))
    #expect(witness.seen.value.end == nil)
  }

  @Test func `limits hold in real time too`() async throws {
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let limits = HTTPLimits(betweenBytes: .milliseconds(20))
    let seen = try await transport.exchange(HTTPRequest("GET", server.url, limits: limits)).witness().end()
    #expect(seen.failure(HTTPError.self) == .timeout(.betweenBytes, after: .milliseconds(20)))
    try await server.log.until { $0.closedByPeer == 1 }
  }
}
