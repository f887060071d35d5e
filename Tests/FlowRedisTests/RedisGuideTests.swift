// The example of docs/guides/cache.md that needs a Redis.
#if Redis
  import FlowProviders
  import FlowRedis
  import Testing

  @Suite(.timeLimit(.minutes(10))) struct RedisGuideTests {
    @Test func `a cache in Redis`() async throws {
      let server = try await RedisServer.start(
        on: nil, "--user", "app", "on", ">pw", "~flows:*", "+eval", "+get", "+set", "+del", "+time", "+pttl",
        "+pexpire", "+select")
      let (host, port, password) = ("127.0.0.1", server.port, Secret("pw"))
      let setup = RedisConfiguration(
        .tcp(host: host, port: port), user: "app", password: password, database: 2)
      let redis = ResponseCache(backend: RedisBackend(setup))
      _ = try await Echo().cached(by: redis).complete(ChatRequest(model: "m", prompt: "a"))
      await redis.flush()
      #expect(redis.statistics.misses == 1)
      // All that a backend does is allowed to this user.
      let backend = server.backend {
        $0.user = "app"
        $0.password = password
        $0.database = 2
      }
      let key = CacheKey(ChatRequest(model: "m", prompt: "b"), provider: "p")
      let lease = try #require(try await backend.acquireLease(for: key, lasting: .seconds(60)))
      #expect(try await backend.renew(lease, lasting: .seconds(60)))
      try await backend.release(lease)
      try await backend.put([1], for: key, timeToLive: .seconds(60))
      #expect(try await backend.get(key)?.bytes == [1])
      try await backend.remove(key)
    }
  }
#endif
