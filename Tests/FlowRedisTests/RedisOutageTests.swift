// Redis goes away in the middle of everything, and comes back.
#if Redis
  import FlowProviders
  import FlowRedis
  import Flows
  import HTTPTestKit
  import Testing

  @Suite(.timeLimit(.minutes(10))) struct RedisOutageTests {
    @Test func `killed and started again under load, it costs nobody an answer, and serves no wrong one`()
      async throws
    {
      let first = try await RedisServer.start()
      let port = first.port
      // Nothing is kept at hand, so that all is asked of Redis; two caches, as two processes have them.
      let caches = (0..<2).map { _ in
        let setup = RedisConfiguration(
          .tcp(host: "127.0.0.1", port: port), commandTimeout: .seconds(5),
          pause: .milliseconds(1) ... .milliseconds(20))
        return ResponseCache(
          maxEntries: 0, backend: RedisBackend(setup), sharing: CacheSharing(lease: .milliseconds(500)))
      }
      let lost = Watched(0)
      let watches = caches.map { cache in
        cache.events.subscribe { event in if case .backendLost = event { lost.change { $0 += 1 } } }
      }
      let (asked, isOver) = (Watched(0), Watched(false))
      try await withThrowingTaskGroup(of: Void.self) { group in
        for worker in 0..<16 {
          group.addTask {
            let provider = Echo().cached(by: caches[worker % 2])
            var number = worker
            while !isOver.value {
              number = (number &* 7 &+ 1) % 50
              let answer = try await provider.complete(ChatRequest(model: "m", prompt: "question \(number)"))
              if answer.text != "question \(number)" { throw Absent("\(number): \(answer.text)") }
              asked.change { $0 += 1 }
            }
          }
        }
        group.addTask {
          defer { isOver.change { $0 = true } }
          var server = first
          for _ in 0..<4 {
            let hits = caches.map(\.statistics.backendHits).reduce(0, +)
            let count = asked.value
            // It works: answers come out of Redis.
            try await asked.until { _ in caches.map(\.statistics.backendHits).reduce(0, +) > hits + 50 }
            try await asked.until { $0 > count + 100 }
            let before = lost.value
            try await server.kill()
            // It is away: that is noticed, and all go on.
            try await lost.until { $0 > before }
            let meanwhile = asked.value
            try await asked.until { $0 > meanwhile + 100 }
            server = try await RedisServer.start(on: port)
          }
          // And at the end it is used again, by itself.
          let hits = caches.map(\.statistics.backendHits).reduce(0, +)
          try await asked.until { _ in caches.map(\.statistics.backendHits).reduce(0, +) > hits + 50 }
        }
        try await group.waitForAll()
      }
      withExtendedLifetime(watches) {}
      #expect(caches.allSatisfy { $0.statistics.corrupt == 0 })
      #expect(caches.allSatisfy { $0.statistics.backendFailures > 0 })
    }
  }
#endif
