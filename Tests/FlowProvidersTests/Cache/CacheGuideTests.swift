// The examples of docs/guides/cache.md.
import FlowProviders
import Flows
import Testing

@Suite struct CacheGuideTests {
  private let openAI = CountingProvider()
  private let request = ChatRequest(model: "m", prompt: "Why is the sky blue?")

  @Test func `a cache around a provider`() async throws {
    let said = Latest<Int>()
    func print(_ age: Duration, _ hits: Int) { said.value = hits }
    let cache = ResponseCache(maxBytes: 64 << 20, ttl: .seconds(3600))
    let provider = openAI.cached(by: cache)
    let first = try await provider.complete(request)
    let again = try await provider.complete(request)
    print(again.cachedFor ?? .zero, cache.statistics.hits)
    #expect(said.value == 1)
    #expect(first.text == again.text)
    let fresh = try await provider.complete(request.with(\.cacheUse, .refresh))
    #expect(fresh.text == "2")
  }

  @Test func `tenants, and paces`() async throws {
    let cache = ResponseCache()
    let tenant = openAI.cached(by: cache, scope: "tenant 7")
    let spoken = openAI.cached(by: cache, replay: .paced(.tokensPerSecond(50)))
    let asBefore = openAI.cached(by: cache, replay: .paced(.recorded))
    for provider in [tenant, spoken, asBefore] { _ = try await provider.complete(request) }
    #expect(openAI.count == 2)
  }

  @Test func `what it does`() async throws {
    let (cache, seen) = (ResponseCache(), Latest<Double>())
    @Sendable func log(_ event: CacheEvent) {}
    func print(_ rate: Double, _ tokens: Int) { seen.value = rate }
    let watch = cache.events.subscribe { event in log(event) }
    let provider = openAI.cached(by: cache)
    for _ in 0..<2 { _ = try await provider.complete(request) }
    let statistics = cache.statistics
    print(statistics.hitRate, statistics.savedTokens)
    #expect(seen.value == 0.5)
    watch.cancel()
  }

  @Test func `several processes`() async throws {
    let temporary = try TemporaryFolder()
    let folder = temporary.path("answers")
    let shared = ResponseCache(backend: FileBackend(folder: folder))
    _ = try await openAI.cached(by: shared).complete(request)
    await shared.flush()
    #expect(shared.statistics.stored == 1)
  }
}
