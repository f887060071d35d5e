// Several processes, one Redis, one call.
#if Redis
  import FlowHTTP
  import Flows
  import HTTPTestKit
  import Testing

  @testable import FlowRedis

  @Suite(.timeLimit(.minutes(10))) struct RedisProcessTests {
    private static let body: Bytes = """
      data: {"id":"c","model":"m","choices":[{"index":0,"delta":{"content":"once"}}]}

      data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

      data: [DONE]


      """

    /// A provider that answers when it is let.
    private func provider(_ gate: Gate) throws -> FaultServer {
      try FaultServer { connection in
        while true {
          try connection.readRequest()
          gate.wait()
          try connection.answer(Self.body, type: "text/event-stream", fault: .none)
        }
      }
    }

    private func ask(_ redis: RedisServer, _ provider: FaultServer, lease milliseconds: Int) throws -> Program
    {
      try Program(try Program.beside("CacheWorker"), ["\(redis.port)", provider.url, "\(milliseconds)"])
    }

    @Test func `while one process asks, the others wait for its answer`() async throws {
      let (redis, gate) = (try await RedisServer.start(), Gate())
      let server = try provider(gate)
      let first = try ask(redis, server, lease: 60_000)
      try await server.log.until { $0.requests.count == 1 }
      let others = try (0..<3).map { _ in try ask(redis, server, lease: 60_000) }
      // They have connected, and look.
      try await untilConnected(4, to: redis)
      gate.open()
      #expect(try await first.end() == "once 1 0\n")
      for other in others { #expect(try await other.end() == "once 0 1\n") }
      #expect(server.log.value.requests.count == 1)
    }

    @Test func `when the one that asks is killed, another asks as soon as its lease is over`() async throws {
      let (redis, gate) = (try await RedisServer.start(), Gate())
      let server = try provider(gate)
      let first = try ask(redis, server, lease: 300)
      try await server.log.until { $0.requests.count == 1 }
      let second = try ask(redis, server, lease: 300)
      try await untilConnected(2, to: redis)
      first.kill()
      try await server.log.until { $0.requests.count == 2 }
      gate.open()
      #expect(try await second.end() == "once 1 0\n")
    }

    /// Waits until so many processes have a connection.
    private func untilConnected(_ count: Int, to redis: RedisServer) async throws {
      let connection = try RedisConnection(RedisConfiguration(redis.address))
      while true {
        let list = try connection.run(["CLIENT", "LIST"]).text ?? ""
        if list.split(separator: "\n").count > count { return }
        try Task.checkCancellation()
        await Task.yield()
      }
    }
  }
#endif
