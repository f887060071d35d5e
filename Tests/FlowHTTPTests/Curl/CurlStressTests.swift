// Many exchanges at a time, ended in every way, and nothing left of them.
import FlowHTTP
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct CurlStressTests {
  /// Serves in the way that the path of the request names.
  static func server() throws -> FaultServer {
    let body = Bytes([Bytes](repeating: "data: one of many events\n\n", count: 200).joined())
    return try FaultServer { connection in
      while true {
        let fault: Fault =
          switch try connection.readRequest().target {
          case "/whole": .none
          case "/cut": .cut(at: 1000)
          case "/reset": .reset(at: 1000)
          case "/stall": .stall(at: 1000)
          case "/page": .page(status: 502)
          default: .errorBody("{}")
          }
        try connection.answer(body, type: "text/event-stream", fault: fault)
      }
    }
  }

  @Test func `two hundred streams at a time come whole`() async throws {
    let transport = CurlTransport.test()
    let gate = Gate()
    let server = try FaultServer { connection in
      let name = try connection.readRequest().target
      try connection.begin(200, ["Transfer-Encoding": "chunked"])
      // All are open before the first goes on.
      gate.wait()
      for number in 0..<50 { try connection.sendChunk(Bytes("data: \(name) \(number)\n\n")) }
      try connection.sendChunk("")
    }
    let streams = (0..<200).map { number in
      transport.exchange(HTTPRequest("GET", server.url + "/\(number)")).body().serverSentEvents().witness()
    }
    try await server.log.until { $0.requests.count == 200 }
    gate.open()
    for (number, stream) in streams.enumerated() {
      let seen = try await stream.end()
      #expect(seen.isFinished)
      let texts = seen.elements.compactMap { $0.message.map { String($0.data) } }
      #expect(texts == (0..<50).map { "/\(number) \($0)" })
    }
    #expect(server.log.value.accepted == 200)
  }

  @Test func `exchanges that many tasks cancel at any moment leave nothing open`() async throws {
    let transport = CurlTransport.test()
    let server = try Self.server()
    try await withThrowingTaskGroup { group in
      for task in 0..<8 {
        group.addTask {
          var generator = SeededGenerator(seed: UInt64(task))
          for _ in 0..<40 {
            let path = ["/whole", "/cut", "/reset", "/stall"].randomElement(using: &generator)!
            let events = transport.exchange(HTTPRequest("GET", server.url + path)).body().serverSentEvents()
            let witness = events.witness(demand: FlowDemand(Int.random(in: 0...20, using: &generator)))
            for _ in 0..<Int.random(in: 0...50, using: &generator) { await Task.yield() }
            if Bool.random(using: &generator) { witness.request(Int.random(in: 1...300, using: &generator)) }
            for _ in 0..<Int.random(in: 0...50, using: &generator) { await Task.yield() }
            witness.cancel()
          }
        }
      }
      try await group.waitForAll()
    }
    await transport.shutDown()
    try await server.log.until { $0.open == 0 }
  }

  @Test func `a run may cancel itself, and begin others, from within its own closures`() async throws {
    let transport = CurlTransport.test()
    let server = try Self.server()
    let ends = Watched(0)
    let held = Watched<[FlowSubscription]>([])
    for _ in 0..<50 {
      let first = transport.exchange(HTTPRequest("GET", server.url + "/stall")).prefix(2).subscribe { _ in
        // Driven by the thread that does the input and output.
        let next = transport.exchange(HTTPRequest("GET", server.url + "/whole")).subscribe { _ in
        } onEnd: { _ in
          ends.change { $0 += 1 }
        }
        held.change { $0.append(next) }
      }
      held.change { $0.append(first) }
    }
    try await ends.until { $0 == 100 }
    await transport.shutDown()
    try await server.log.until { $0.open == 0 }
  }

  @Test func `a thousand rounds leak no descriptor`() async {
    // In a process of its own, where nobody else opens and closes.
    await #expect(processExitsWith: .success) {
      func rounds(_ count: Int) async throws {
        let transport = CurlTransport.test()
        let server = try CurlStressTests.server()
        for round in 0..<count {
          let path = ["/whole", "/cut", "/reset", "/stall", "/page", "/error"][round % 6]
          let limits = HTTPLimits(betweenBytes: round % 12 == 3 ? .milliseconds(1) : nil)
          let request = HTTPRequest("GET", server.url + path, limits: limits)
          let witness = transport.exchange(request).witness()
          if path == "/stall", limits.betweenBytes == nil {
            try await witness.elements(2)
            witness.cancel()
          } else {
            try await witness.end()
          }
        }
        await transport.shutDown()
        try await server.log.until { $0.open == 0 }
      }
      do {
        // Once for what a process opens only once.
        try await rounds(6)
        let before = openDescriptors()
        try await rounds(1000)
        // A few may be those of the runtime's own queues, which begin when they like.
        let after = openDescriptors()
        precondition(after < before + 10, "\(after) descriptors, \(before) before")
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }
}
