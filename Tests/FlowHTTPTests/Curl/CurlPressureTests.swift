// A consumer that stops reading stops the server; one that leaves closes the socket.
import FlowHTTP
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlPressureTests {
  let transport = CurlTransport.test()
  static let piece = Bytes([UInt8](repeating: 0x78, count: 64 << 10))
  static let total = 64 << 20

  /// Sends 64 MiB as fast as it is let.
  static func flood() throws -> FaultServer {
    try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Length": String(total)])
      try connection.flood(piece, total: total)
      try connection.awaitClose()
    }
  }

  @Test func `a consumer that asks for nothing stops the server, and gets all when it asks again`()
    async throws
  {
    let server = try Self.flood()
    let witness = transport.exchange(HTTPRequest("GET", server.url)).witness(demand: 3)
    try await witness.elements(3)
    let blocked = try await server.log.until { $0.isBlocked }
    // What the two kernels hold, and libcurl; a small part of the whole.
    #expect(blocked.sent < 8 << 20)
    #expect(witness.seen.value.elements.count == 3)
    witness.request(.max)
    let seen = try await witness.end()
    #expect(seen.isFinished)
    #expect(seen.elements.compactMap(\.body?.count).reduce(0, +) == Self.total)
    #expect(server.log.value.sent >= Self.total)
  }

  @Test func `a consumer that reads one event at a time holds the server to its pace`() async throws {
    let event: Bytes = "data: an event of some length, that the server has very many of\n\n"
    let count = (24 << 20) / event.count
    let server = try FaultServer { connection in
      try connection.readRequest()
      try connection.begin(200, ["Content-Length": String(count * event.count)])
      let piece = Bytes([Bytes](repeating: event, count: 1000).joined())
      try connection.flood(piece, total: count * event.count)
    }
    let events = transport.exchange(HTTPRequest("GET", server.url)).body().serverSentEvents()
    let witness = events.witness(demand: 10)
    #expect(try await witness.elements(10).allSatisfy { $0.message?.data.count == event.count - 8 })
    let blocked = try await server.log.until { $0.isBlocked }
    #expect(blocked.sent < 8 << 20)
    #expect(witness.seen.value.elements.count == 10)
    witness.request(.max)
    #expect(try await witness.end().elements.count == count)
  }

  @Test func `what is under way while nobody reads is bounded by the buffer that was asked for`() async throws
  {
    let server = try FaultServer { connection in
      connection.limitSendBuffer(to: 32 << 10)
      try connection.readRequest()
      try connection.begin(200, ["Content-Length": String(Self.total)])
      try connection.flood(Self.piece, total: Self.total)
    }
    var sent: [Int] = []
    for size in [16 << 10, 128 << 10] {
      let before = server.log.value.sent
      let transport = CurlTransport.test { $0.receiveBuffer = size }
      let witness = transport.exchange(HTTPRequest("GET", server.url)).witness(demand: 1)
      try await witness.elements(1)
      sent.append(try await server.log.until { $0.isBlocked }.sent - before)
      witness.cancel()
      try await server.log.until { $0.open == 0 }
    }
    // Both ends are known: a sender's buffer of 64 KiB, a receiver's of twice what was asked for, 16 KiB in libcurl.
    print("under way while nobody reads: \(sent.map { $0 >> 10 }) KiB")
    #expect(sent[0] < 512 << 10)
    #expect(sent[1] < 1 << 20)
  }

  @Test func `a loop that is left closes the socket`() async throws {
    let server = try Self.flood()
    var count = 0
    for try await part in transport.exchange(HTTPRequest("GET", server.url)).values {
      count += part.body == nil ? 0 : 1
      if count == 3 { break }
    }
    try await server.log.until { $0.closedByPeer == 1 && $0.open == 0 }
  }

  @Test func `cancelling closes the socket at once, whatever the exchange is doing`() async throws {
    // Before the response, in the middle of the head, in the body, and while paused.
    let gate = Gate()
    let server = try FaultServer { connection in
      switch try connection.readRequest().target {
      case "/head": try connection.send("HTTP/1.1 200 OK\r\nX-Half")
      case "/body":
        try connection.begin(200, ["Content-Length": "100"])
        try connection.send("half of it")
      case "/paused":
        try connection.begin(200, ["Content-Length": String(Self.total)])
        try connection.flood(Self.piece, total: Self.total)
      default: break
      }
      gate.open()
      try connection.awaitClose()
    }
    for (number, path) in ["/none", "/head", "/body", "/paused"].enumerated() {
      let witness = transport.exchange(HTTPRequest("GET", server.url + path)).witness(demand: 2)
      switch path {
      case "/body": try await witness.elements(2)
      case "/paused": try await server.log.until { $0.isBlocked }
      default: try await server.log.until { $0.requests.count == number + 1 }
      }
      witness.cancel()
      try await server.log.until { $0.closedByPeer == number + 1 && $0.open == 0 }
      #expect(witness.seen.value.end == nil)
    }
  }

  @Test func `a task that is cancelled closes the socket`() async throws {
    let server = try FaultServer("0123456789", fault: .stall(at: 5))
    let task = Task { try await transport.response(to: HTTPRequest("GET", server.url)) }
    try await server.log.until { $0.requests.count == 1 }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    try await server.log.until { $0.closedByPeer == 1 }
  }

  @Test func `a slow consumer does not hold up the others`() async throws {
    let server = try Self.flood()
    let slow = transport.exchange(HTTPRequest("GET", server.url)).witness(demand: 2)
    try await slow.elements(2)
    let quick = try await transport.exchange(HTTPRequest("GET", server.url)).body().reduce(0) {
      $0 + $1.count
    }
    #expect(quick == Self.total)
    #expect(slow.seen.value.elements.count == 2)
  }
}
