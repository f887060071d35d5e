// The example of docs/guides/cache.md that needs a Redis.
#if Redis
  import FlowProviders
  import FlowRedis
  import Testing

  @Suite(.timeLimit(.minutes(1))) struct RedisGuideTests {
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
      #expect(redis.statistics.backendFailures == 0)
    }
  }
#endif
