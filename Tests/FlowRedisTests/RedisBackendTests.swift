// What a backend promises, kept by Redis.
#if Redis
  import FlowHTTP
  import FlowProviders
  import FlowTesting
  import Flows
  import Foundation
  import HTTPTestKit
  import Testing

  @testable import FlowRedis

  @Suite(.timeLimit(.minutes(10))) struct RedisBackendTests {
    private let key = CacheKey(ChatRequest(model: "m", prompt: "a"), provider: "p")
    private let other = CacheKey(ChatRequest(model: "m", prompt: "b"), provider: "p")

    @Test func `what is put is there, whatever its bytes, and says how old it is`() async throws {
      let server = try await RedisServer.start()
      let (a, b) = (server.backend(), server.backend())
      let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
      #expect(try await a.get(key) == nil)
      try await a.put(bytes, for: key, timeToLive: .seconds(3600))
      let found = try #require(try await b.get(key))
      #expect(found.bytes == bytes)
      #expect(found.age >= .zero && found.age < .seconds(3600))
      #expect(try #require(found.timeToLive) <= .seconds(3600))
      #expect(try await b.get(other) == nil)
      try await b.put([], for: key, timeToLive: nil)
      #expect(try await a.get(key)?.bytes == [])
      #expect(try await a.get(key)?.timeToLive == nil)
      try await a.remove(key)
      #expect(try await b.get(key) == nil)
    }

    @Test func `what is too old is gone`() async throws {
      let server = try await RedisServer.start()
      let backend = server.backend()
      try await backend.put([1], for: key, timeToLive: .milliseconds(20))
      while try await backend.get(key) != nil {}
    }

    @Test func `a lease has one holder, until it gives it back`() async throws {
      let server = try await RedisServer.start()
      let (a, b) = (server.backend(), server.backend())
      let lease = try #require(try await a.acquireLease(for: key, lasting: .seconds(3600)))
      #expect(try await b.acquireLease(for: key, lasting: .seconds(1)) == nil)
      #expect(try await b.acquireLease(for: other, lasting: .seconds(1)) != nil)
      #expect(try await a.renew(lease, lasting: .seconds(3600)))
      try await b.release(CacheLease(key))
      #expect(try await b.acquireLease(for: key, lasting: .seconds(1)) == nil)
      try await a.release(lease)
      #expect(try await b.acquireLease(for: key, lasting: .seconds(1)) != nil)
    }

    @Test func `a lease that is over is somebody else's`() async throws {
      let server = try await RedisServer.start()
      let (a, b) = (server.backend(), server.backend())
      let old = try #require(try await a.acquireLease(for: key, lasting: .milliseconds(20)))
      var new: CacheLease?
      while new == nil { new = try await b.acquireLease(for: key, lasting: .seconds(3600)) }
      #expect(try await a.renew(old, lasting: .seconds(1)) == false)
      try await a.release(old)
      #expect(try await b.renew(try #require(new), lasting: .seconds(1)))
    }

    @Test func `of many who want a lease one gets it, over a few connections`() async throws {
      let server = try await RedisServer.start()
      let backend = server.backend { $0.connections = 3 }
      let leases = try await withThrowingTaskGroup(of: CacheLease?.self) { [key] group in
        for _ in 0..<100 { group.addTask { try await backend.acquireLease(for: key, lasting: .seconds(60)) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(leases.compactMap(\.self).count == 1)
      #expect(try await clients(server) <= 4)
    }

    @Test func `what waits for a connection is bounded`() async throws {
      let server = try FaultServer { try $0.awaitClose() }
      let backend = RedisBackend(
        RedisConfiguration(
          .tcp(host: "127.0.0.1", port: Int(server.port)), connections: 1, queue: 1,
          commandTimeout: .seconds(60)))
      // One has the connection, one waits for it.
      let first = Task { [key] in try await backend.get(key) }
      try await server.log.until { $0.accepted == 1 }
      let second = Task { [key] in try await backend.get(key) }
      var refusal: ProviderError?
      while refusal == nil {
        let third = Task { [key] in try await backend.get(key) }
        // Until the second has come it waits itself; then it is cancelled, and waits no more.
        Task { third.cancel() }
        refusal = await third.result.failure as? ProviderError
      }
      #expect(refusal?.kind == .overloaded)
      second.cancel()
      #expect(await second.result.failure is CancellationError)
      server.stop()
      #expect(await first.result.failure is RedisError)
    }

    @Test func `a password opens, and is not told`() async throws {
      let server = try await RedisServer.start(on: nil, "--requirepass", "s3cret")
      #expect(try await server.backend { $0.password = "s3cret" }.get(key) == nil)
      for setup in [server.backend { $0.password = "wr0ng" }, server.backend()] {
        let error = await #expect(throws: RedisError.self) { try await setup.get(key) }
        guard case .refused(let words)? = error else {
          throw Absent("the refusal: \(String(describing: error))")
        }
        #expect(!words.contains("wr0ng") && !words.contains("s3cret"))
      }
    }

    @Test func `a user has a name and a password`() async throws {
      let server = try await RedisServer.start(
        on: nil, "--user", "bob", "on", ">pw", "~*", "&*", "+@all", "--user", "default", "off")
      let backend = server.backend {
        $0.user = "bob"
        $0.password = "pw"
      }
      try await backend.put([1], for: key, timeToLive: nil)
      #expect(try await backend.get(key)?.bytes == [1])
      await #expect(throws: RedisError.self) { try await server.backend().get(key) }
    }

    @Test func `databases and prefixes share nothing`() async throws {
      let server = try await RedisServer.start()
      let backends = [
        server.backend(), server.backend { $0.database = 3 }, server.backend { $0.prefix = "other:" },
      ]
      try await backends[0].put([1], for: key, timeToLive: nil)
      #expect(try await backends[1].get(key) == nil)
      #expect(try await backends[2].get(key) == nil)
    }

    @Test func `a socket in the file system will do`() async throws {
      let path = FileManager.default.temporaryDirectory.appending(
        path: "flows-\(UUID().uuidString.prefix(8))"
      ).path
      let server = try await RedisServer.start(on: nil, "--unixsocket", path)
      let backend = server.backend { $0.address = .unix(path: path) }
      try await backend.put([1], for: key, timeToLive: nil)
      #expect(try await backend.get(key)?.bytes == [1])
    }

    // MARK: A server that is away

    @Test func `a server that is away is left alone for a while, and found when it is back`() async throws {
      let time = VirtualTime()
      let first = try await RedisServer.start()
      let backend = first.backend({ $0.pause = .seconds(1)...(.seconds(4)) }, scheduler: time)
      try await first.kill()
      for pause in [1, 2, 4, 4] {
        await expectAway(backend)
        await expectPaused(backend)
        time.advance(by: .seconds(pause) - .nanoseconds(1))
        await expectPaused(backend)
        time.advance(by: .nanoseconds(1))
      }
      let again = try await RedisServer.start(on: first.port)
      #expect(try await backend.get(key) == nil)
      try await backend.put([1], for: key, timeToLive: nil)
      try await again.kill()
    }

    @Test func `a connection that broke while nobody used it is replaced`() async throws {
      let first = try await RedisServer.start()
      let backend = first.backend()
      try await backend.put([1], for: key, timeToLive: nil)
      try await first.kill()
      let again = try await RedisServer.start(on: first.port)
      #expect(try await backend.get(key) == nil)
      let lease = try await backend.acquireLease(for: key, lasting: .seconds(60))
      #expect(lease != nil)
      try await again.kill()
    }

    @Test func `a server that does not answer is not waited for`() async throws {
      let server = try FaultServer { try $0.awaitClose() }
      let backend = RedisBackend(
        RedisConfiguration(.tcp(host: "127.0.0.1", port: Int(server.port)), commandTimeout: .milliseconds(50))
      )
      await expectAway(backend)
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "*3\r\n$5\r\nab", "", "$-7\r\n", ":1\r\n"])
    func `a server that speaks something else has no answers`(words: String) async throws {
      let server = try FaultServer { connection in
        connection.awaitNews(atMost: 60_000)
        try connection.send(Bytes(words))
        throw Leaves()
      }
      let backend = RedisBackend(
        RedisConfiguration(.tcp(host: "127.0.0.1", port: Int(server.port)), connectTimeout: .seconds(20)))
      // It fails, or knows nothing; what it says is never an answer.
      #expect((try? await backend.get(key)) == nil)
    }

    @Test func `what is no answer is dropped and told of, and the provider is asked`() async throws {
      let server = try await RedisServer.start()
      let request = ChatRequest(model: "m", prompt: "a")
      let provider = Echo()
      let key = CacheKey(request, provider: provider.name)
      let backend = server.backend()
      let cache = ResponseCache(backend: backend, sharing: CacheSharing(timeout: .seconds(60)))
      try await backend.put(Array("{\"answer\":1}\nnonsense".utf8), for: key, timeToLive: nil)
      #expect(try await provider.cached(by: cache).complete(request).text == "a")
      #expect(cache.statistics.corrupt == 1)
      await cache.flush()
      let second = ResponseCache(backend: server.backend(), sharing: CacheSharing(timeout: .seconds(60)))
      #expect(try await Echo().cached(by: second).complete(request).text == "a")
      #expect(second.statistics.backendHits == 1)
    }

    private func expectAway(_ backend: RedisBackend) async {
      let error = await #expect(throws: RedisError.self) { try await backend.get(key) }
      if case .away? = error { return }
      Issue.record("\(String(describing: error))")
    }

    private func expectPaused(_ backend: RedisBackend) async {
      let error = await #expect(throws: RedisError.self) { try await backend.get(key) }
      if case .paused? = error { return }
      Issue.record("\(String(describing: error))")
    }

    /// How many connections the server has, that of this question included.
    private func clients(_ server: RedisServer) async throws -> Int {
      let connection = try RedisConnection(RedisConfiguration(server.address))
      guard let list = try connection.run(["CLIENT", "LIST"]).text else { throw Absent("the list") }
      return list.split(separator: "\n").count
    }
  }

  struct Absent: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  extension Result {
    fileprivate var failure: Failure? { if case .failure(let error) = self { error } else { nil } }
  }

  /// Says what it was asked.
  struct Echo: ChatProvider {
    let name = "echo"
    func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
      Flow.just(ChatResponse(text: request.messages.map(\.text).joined())).asEvents()
    }
  }
#endif
