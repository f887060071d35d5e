// Caches that share a backend, as those of several processes do.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct CacheSharingTests {
  let time = VirtualTime()
  let request = ChatRequest(model: "m", prompt: "Why is the sky blue?")
  let provider = DrivenProvider()
  var key: CacheKey { CacheKey(request, provider: "driven") }

  private func cache(_ backend: any CacheBackend, patience: Duration = .seconds(60)) -> ResponseCache {
    ResponseCache(backend: backend, sharing: CacheSharing(lease: .seconds(9), patience: patience))
  }

  private func ask(_ cache: ResponseCache, _ request: ChatRequest? = nil, replay: CacheReplay = .instant)
    -> Recording<ChatEvent>
  {
    let seen = provider.cached(by: cache, replay: replay).stream(request ?? self.request).record(in: time)
    time.advance(by: .zero)
    return seen
  }

  private func answer(_ word: String) {
    provider.answer(word)
    time.advance(by: .zero)
  }

  @Test func `what one has been told, the other knows`() {
    let backend = MemoryBackend(scheduler: time)
    let (a, b) = (cache(backend), cache(backend))
    let first = ask(a)
    answer("a")
    time.advance(by: .seconds(5))
    let second = ask(b)
    #expect(first.text == "a" && second.text == "a")
    #expect(second.isFinished)
    #expect(second.response.cachedFor == .seconds(5))
    #expect(provider.source.subscriptions == 1)
    #expect(b.statistics.backendHits == 1)
    #expect(b.statistics.misses == 0)
    // And now it has it at hand, with its age.
    time.advance(by: .seconds(5))
    let third = ask(b)
    #expect(third.response.cachedFor == .seconds(10))
    #expect(b.statistics.backendHits == 1)
  }

  @Test func `an answer that is found has the pace that is wanted`() {
    let backend = MemoryBackend(scheduler: time)
    let (a, b) = (cache(backend), cache(backend))
    let first = ask(a)
    answer("a")
    #expect(first.isFinished)
    let (seen, joined) = (
      ask(b, replay: .paced(.tokensPerSecond(1))), ask(b, replay: .paced(.tokensPerSecond(1)))
    )
    #expect(seen.text == "" && joined.text == "")
    time.advance(by: .seconds(1))
    #expect(seen.isFinished && joined.isFinished)
    #expect(b.statistics.hits == 2)
    #expect(b.statistics.backendHits == 1)
  }

  @Test func `while one asks, the other waits`() throws {
    let backend = MemoryBackend(scheduler: time)
    let (first, second) = (ask(cache(backend)), ask(cache(backend)))
    // Far longer than a lease lasts that nobody renews.
    time.advance(by: .seconds(50))
    #expect(provider.source.subscriptions == 1)
    answer("a")
    time.advance(by: .seconds(1))
    #expect(first.text == "a" && second.text == "a")
    #expect(second.isFinished)
    #expect(provider.source.subscriptions == 1)
    time.run()
    #expect(time.pendingTimers == 0)
    try provider.source.expectReleased()
  }

  @Test func `when the one who asks leaves, the other asks`() {
    let backend = MemoryBackend(scheduler: time)
    let (first, second) = (ask(cache(backend)), ask(cache(backend)))
    first.cancel()
    time.advance(by: .seconds(1))
    #expect(provider.source.subscriptions == 2)
    answer("b")
    #expect(second.text == "b")
    time.run()
  }

  @Test func `when the one who asks dies, the other asks as soon as its lease is over`() async throws {
    let backend = MemoryBackend(scheduler: time)
    _ = try await backend.acquireLease(for: key, lasting: .seconds(9))
    let seen = ask(cache(backend))
    time.advance(by: .seconds(8))
    #expect(provider.source.subscriptions == 0)
    time.advance(by: .seconds(2))
    #expect(provider.source.subscriptions == 1)
    seen.cancel()
    time.run()
  }

  @Test func `patience has an end`() {
    let backend = MemoryBackend(scheduler: time)
    let (first, second) = (ask(cache(backend)), ask(cache(backend, patience: .seconds(20))))
    time.advance(by: .seconds(21))
    #expect(provider.source.subscriptions == 2)
    answer("a")
    #expect(first.text == "a" && second.text == "a")
    time.run()
  }

  @Test func `an answer that may not be kept leaves the next to ask`() {
    let backend = MemoryBackend(scheduler: time)
    let (first, second) = (ask(cache(backend)), ask(cache(backend)))
    provider.send(Events.answer(["cut"], .length))
    provider.source.finish()
    time.advance(by: .seconds(1))
    #expect(first.text == "cut")
    #expect(provider.source.subscriptions == 2)
    answer("a")
    #expect(second.text == "a")
    time.run()
  }

  @Test func `who asks nobody finds what others know`() throws {
    let backend = MemoryBackend(scheduler: time)
    let (a, b) = (cache(backend), cache(backend))
    let only = request.with(\.cacheUse, .onlyIfCached)
    #expect(try ask(b, only).expectFailure(ProviderError.self).code == "not_cached")
    let first = ask(a)
    answer("a")
    #expect(first.isFinished)
    #expect(ask(b, only).text == "a")
    #expect(provider.source.subscriptions == 1)
  }

  @Test func `who asks anew waits for nobody, and others get the new answer`() {
    let backend = MemoryBackend(scheduler: time)
    let (a, b) = (cache(backend), cache(backend))
    let first = ask(a)
    answer("old")
    #expect(first.isFinished)
    let fresh = ask(a, request.with(\.cacheUse, .refresh))
    answer("new")
    #expect(fresh.text == "new")
    #expect(ask(b).text == "new")
  }

  @Test func `a backend that is away costs nobody an answer, and is told of once`() {
    let backend = FaultyBackend(MemoryBackend(scheduler: time))
    let cache = cache(backend)
    let events = cache.events.record(in: time)
    backend.fault = .fails
    for word in ["a", "b"] {
      cache.removeAll()
      let seen = ask(cache)
      answer(word)
      #expect(seen.text == word)
    }
    backend.fault = .none
    cache.removeAll()
    let seen = ask(cache)
    answer("c")
    #expect(seen.text == "c")
    let notices = events.elements.filter {
      switch $0 {
      case .backendLost, .backendBack: true
      default: false
      }
    }
    #expect(notices == [.backendLost("the store is away"), .backendBack])
    #expect(cache.statistics.backendFailures >= 4)
  }

  @Test func `a backend that does not answer is not waited for`() {
    let backend = FaultyBackend(MemoryBackend(scheduler: time))
    backend.fault = .hangs(time)
    let seen = ask(cache(backend))
    time.advance(by: .seconds(1))
    #expect(provider.source.subscriptions == 0)
    time.advance(by: .seconds(1))
    #expect(provider.source.subscriptions == 1)
    answer("a")
    #expect(seen.isFinished)
    // Nor is what was to be kept held for ever.
    time.advance(by: .seconds(2))
    #expect(time.pendingTimers == 0)
  }

  @Test func `what a backend has and is no answer is dropped and told of, and the provider is asked`()
    async throws
  {
    let backend = MemoryBackend(scheduler: time)
    try await backend.put(Array("not an answer".utf8), for: key, timeToLive: nil)
    let cache = cache(backend)
    let events = cache.events.record(in: time)
    let seen = ask(cache)
    #expect(events.elements.first == .corrupt(key))
    answer("a")
    #expect(seen.text == "a")
    #expect(cache.statistics.corrupt == 1)
    #expect(try await backend.get(key)?.bytes.isEmpty == false)
  }

  @Test func `flush returns when all has reached the backend`() throws {
    let backend = MemoryBackend(scheduler: time)
    let cache = cache(backend)
    let seen = ask(cache)
    provider.answer("a")
    #expect(seen.isFinished)
    let key = key
    let isThere = try time.run {
      await cache.flush()
      return try await backend.get(key) != nil
    }
    #expect(isThere)
  }
}

/// A backend that a test breaks.
final class FaultyBackend: CacheBackend {
  enum Fault: Sendable {
    case none, fails
    case hangs(VirtualTime)
  }
  struct Away: Error, CustomStringConvertible { let description = "the store is away" }

  private let base: any CacheBackend
  private let present = Latest<Fault>()

  init(_ base: any CacheBackend) { self.base = base }

  var fault: Fault {
    get { present.value ?? .none }
    set { present.value = newValue }
  }

  private func check() async throws {
    switch fault {
    case .none: break
    case .fails: throw Away()
    case .hangs(let time): try await time.sleep(until: time.now.advanced(by: .seconds(3600)))
    }
  }

  func get(_ key: CacheKey) async throws -> CachedBytes? {
    try await check()
    return try await base.get(key)
  }
  func put(_ bytes: [UInt8], for key: CacheKey, timeToLive: Duration?) async throws {
    try await check()
    try await base.put(bytes, for: key, timeToLive: timeToLive)
  }
  func remove(_ key: CacheKey) async throws {
    try await check()
    try await base.remove(key)
  }
  func acquireLease(for key: CacheKey, lasting duration: Duration) async throws -> CacheLease? {
    try await check()
    return try await base.acquireLease(for: key, lasting: duration)
  }
  func renew(_ lease: CacheLease, lasting duration: Duration) async throws -> Bool {
    try await check()
    return try await base.renew(lease, lasting: duration)
  }
  func release(_ lease: CacheLease) async throws {
    try await check()
    try await base.release(lease)
  }
}
