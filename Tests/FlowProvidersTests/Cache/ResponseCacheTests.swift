// Answers that are given again, and those that are not.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct ResponseCacheTests {
  let time = VirtualTime()
  let request = ChatRequest(model: "m", prompt: "Why is the sky blue?")

  @discardableResult
  private func ask(_ provider: any ChatProvider, _ request: ChatRequest? = nil) -> Recording<ChatEvent> {
    let seen = provider.stream(request ?? self.request).record(in: time)
    time.advance(by: .zero)
    return seen
  }

  @Test func `the second answer is the first, and says how old it is`() throws {
    let (cache, provider) = (ResponseCache(), CountingProvider())
    let cached = provider.cached(by: cache)
    let first = ask(cached)
    time.advance(by: .seconds(12))
    let second = ask(cached)
    #expect(first.elements == Events.answer(["1"]))
    #expect(second.text == "1")
    #expect(second.response.cachedFor == .seconds(12))
    #expect(second.elements.dropFirst() == first.elements.dropFirst())
    #expect(first.isFinished && second.isFinished)
    #expect(provider.count == 1)
    #expect(cached.name == "counting")
  }

  @Test func `nothing is looked for before something is asked for`() throws {
    let (cache, provider) = (ResponseCache(), DrivenProvider())
    let seen = provider.cached(by: cache).stream(request).record(in: time, demand: 0)
    #expect(provider.source.subscriptions == 0)
    #expect(cache.statistics == CacheStatistics())
    seen.request(1)
    #expect(provider.source.asked == 1)
    seen.cancel()
    try provider.source.expectReleased()
  }

  @Test func `a hit is asked for as a provider is`() throws {
    let (cache, provider) = (ResponseCache(), CountingProvider())
    ask(provider.cached(by: cache))
    let seen = provider.cached(by: cache).stream(request).record(in: time, demand: 2)
    #expect(seen.elements.count == 2)
    seen.request(1)
    #expect(seen.elements.count == 3)
    #expect(seen.outstanding == 0)
    seen.cancel()
    #expect(time.pendingTimers == 0)
  }

  @Test func `an answer that is too old is asked for again`() {
    let (cache, provider) = (ResponseCache(ttl: .seconds(60)), CountingProvider())
    let cached = provider.cached(by: cache)
    ask(cached)
    time.advance(by: .seconds(60) - .nanoseconds(1))
    #expect(ask(cached).text == "1")
    time.advance(by: .nanoseconds(1))
    #expect(ask(cached).text == "2")
    #expect(cache.statistics.stale == 1)
    #expect(cache.statistics.misses == 2)
  }

  @Test func `for want of room the answer goes that was used longest ago`() {
    let (cache, provider) = (ResponseCache(maxEntries: 2), CountingProvider())
    let cached = provider.cached(by: cache)
    let requests = ["a", "b", "c"].map { ChatRequest(model: "m", prompt: $0) }
    ask(cached, requests[0])
    ask(cached, requests[1])
    ask(cached, requests[0])
    ask(cached, requests[2])
    #expect(ask(cached, requests[0]).text == "1")
    #expect(ask(cached, requests[1]).text == "4")
    #expect(cache.statistics.evictions == 2)
    #expect(cache.statistics.entries == 2)
  }

  @Test func `an answer larger than an entry is given, and not kept`() {
    let cache = ResponseCache(maxEntryBytes: 1000)
    let provider = CountingProvider { _ in .from(Events.answer([String(repeating: "x", count: 2000)])) }
    let cached = provider.cached(by: cache)
    #expect(ask(cached).text.count == 2000)
    #expect(ask(cached).text.count == 2000)
    #expect(provider.count == 2)
    #expect(cache.statistics.refused == 2)
    #expect(cache.statistics.bytes == 0)
  }

  @Test(arguments: [FinishReason.length, .contentFilter, .refusal, .pause, .error, .other("x")])
  func `an answer that was cut off is not kept`(reason: FinishReason) {
    let cache = ResponseCache()
    let provider = CountingProvider { _ in .from(Events.answer(["a"], reason)) }
    for _ in 0..<2 { ask(provider.cached(by: cache)) }
    #expect(provider.count == 2)
    #expect(cache.statistics.entries == 0)
  }

  @Test func `an answer that was cut off is kept where that is asked for`() {
    let cache = ResponseCache(storing: [.stop, .length])
    let provider = CountingProvider { _ in .from(Events.answer(["a"], .length)) }
    for _ in 0..<2 { ask(provider.cached(by: cache)) }
    #expect(provider.count == 1)
  }

  static let broken: [[ChatEvent]] = [
    // Without its end.
    Events.head + Events.words("a"),
    // A text that is not closed.
    Events.head + [.roundEnded(0, Finish(.stop)), .finished(Finish(.stop))],
    // A call that nobody can make.
    [
      .started(.init()), .roundStarted(0), .toolCallStarted(.init(id: "c", name: "f"), Events.place),
      .toolCall(
        ToolCall(id: "c", name: "f", arguments: "{", problem: .unfinished), Events.place),
      .roundEnded(0, Finish(.toolCalls)), .finished(Finish(.toolCalls)),
    ],
    // Nothing at all.
    [],
  ]

  @Test(arguments: broken) func `an answer that is not whole is not kept`(events: [ChatEvent]) {
    let cache = ResponseCache()
    let provider = CountingProvider { _ in .from(events) }
    for _ in 0..<2 { ask(provider.cached(by: cache)) }
    #expect(provider.count == 2)
    #expect(cache.statistics.refused == 2)
  }

  @Test func `a failure is passed on after what came before, and not kept`() throws {
    let cache = ResponseCache()
    let provider = CountingProvider { _ in
      .concat([.from(Events.head), .fail(ProviderError(.overloaded, "full"))])
    }
    for _ in 0..<2 {
      let seen = ask(provider.cached(by: cache))
      #expect(seen.elements == Events.head)
      guard case .failed(let error as ProviderError) = seen.end else { throw Missing("the failure") }
      #expect(error.kind == .overloaded)
    }
    #expect(provider.count == 2)
  }

  @Test func `signs of life and limits are not given again, warnings are`() {
    var limits = RateLimits()
    limits.requests.remaining = 1
    let asides: [ChatEvent] = [
      .heartbeat, .rateLimits(limits), .promptProgress(0.5), .modelLoad(1),
      .warning(Warning(.strayBytes, "odd")),
    ]
    let cache = ResponseCache()
    let provider = CountingProvider { _ in .from(asides + Events.answer(["a"])) }
    ask(provider.cached(by: cache))
    let again = ask(provider.cached(by: cache))
    #expect(again.elements.first == .warning(Warning(.strayBytes, "odd")))
    #expect(again.elements.count == Events.answer(["a"]).count + 1)
  }

  @Test func `who leaves at the last event has heard all, and it is kept`() {
    let (cache, provider) = (ResponseCache(), DrivenProvider())
    let first = provider.cached(by: cache).stream(request)
      .prefix(while: { !$0.isTerminal }, inclusive: true).record(in: time)
    provider.send(Events.answer(["a"]))
    #expect(first.isFinished)
    #expect(cache.statistics.entries == 1)
    #expect(ask(provider.cached(by: cache)).text == "a")
    #expect(provider.source.subscriptions == 1)
  }

  // MARK: What a request allows

  @Test func `a request may pass by`() {
    let (cache, provider) = (ResponseCache(), CountingProvider())
    let cached = provider.cached(by: cache)
    ask(cached)
    #expect(ask(cached, request.with(\.cacheUse, .bypass)).text == "2")
    #expect(ask(cached).text == "1")
    #expect(cache.statistics.hits == 1)
    #expect(cache.statistics.misses == 1)
  }

  @Test func `a request may ask anew, and its answer takes the place of the old one`() {
    let (cache, provider) = (ResponseCache(), CountingProvider())
    let cached = provider.cached(by: cache)
    ask(cached)
    #expect(ask(cached, request.with(\.cacheUse, .refresh)).text == "2")
    #expect(ask(cached).text == "2")
  }

  @Test func `a request that is to be answered anew does not join an older one, whose answer is not kept`() {
    let (cache, provider) = (ResponseCache(), DrivenProvider())
    let cached = provider.cached(by: cache)
    let old = ask(cached)
    provider.send(Events.head + Events.words("old"))
    let fresh = ask(cached, request.with(\.cacheUse, .refresh))
    let joined = ask(cached)
    #expect(provider.source.subscriptions == 2)
    #expect(fresh.elements == [])
    #expect(joined.elements == [])
    // Both runs get it.
    provider.send(Events.words("new") + Events.tail())
    #expect(old.text == "oldnew")
    old.cancel()
    #expect(cache.statistics.entries == 0)
  }

  @Test func `a failed refresh leaves the old answer`() {
    let cache = ResponseCache()
    let provider = CountingProvider { number in
      number == 1 ? .from(Events.answer(["1"])) : .fail(ProviderError(.overloaded, "full"))
    }
    let cached = provider.cached(by: cache)
    ask(cached)
    ask(cached, request.with(\.cacheUse, .refresh))
    #expect(ask(cached).text == "1")
  }

  @Test func `a request may ask nobody`() throws {
    let (cache, provider) = (ResponseCache(), CountingProvider())
    let cached = provider.cached(by: cache)
    let only = request.with(\.cacheUse, .onlyIfCached)
    let error = try ask(cached, only).expectFailure(ProviderError.self)
    #expect(error.kind == .notFound)
    #expect(error.code == "not_cached")
    ask(cached)
    #expect(ask(cached, only).text == "1")
    #expect(provider.count == 1)
  }

  @Test func `scopes share nothing, and neither do providers of other names`() {
    let (cache, a, b) = (
      ResponseCache(), CountingProvider("a") { _ in .from(Events.answer(["a"])) },
      CountingProvider("b") { _ in .from(Events.answer(["b"])) }
    )
    #expect(ask(a.cached(by: cache)).text == "a")
    #expect(ask(b.cached(by: cache)).text == "b")
    ask(a.cached(by: cache, scope: "tenant"))
    ask(a.cached(by: cache))
    #expect(a.count == 2)
    #expect(b.count == 1)
  }

  // MARK: What it tells

  @Test func `it counts, and tells what happens`() async {
    let (cache, provider) = (ResponseCache(maxEntries: 1, ttl: .seconds(60)), CountingProvider())
    let cached = provider.cached(by: cache)
    let events = cache.events.record(in: time)
    let other = ChatRequest(model: "m", prompt: "b")
    let (key, otherKey) = (
      CacheKey(request, provider: "counting"), CacheKey(other, provider: "counting")
    )
    ask(cached)
    ask(cached)
    ask(cached, other)
    time.advance(by: .seconds(60))
    ask(cached, other)
    let bytes = cache.statistics.bytes
    #expect(
      events.elements == [
        .missed(key), .stored(key, bytes: bytes), .hit(key), .missed(otherKey),
        .stored(otherKey, bytes: bytes), .evicted(key), .stale(otherKey), .missed(otherKey),
        .stored(otherKey, bytes: bytes),
      ])
    let statistics = cache.statistics
    #expect(statistics.hits == 1)
    #expect(statistics.misses == 3)
    #expect(statistics.hitRate == 0.25)
    #expect(statistics.savedTokens == 7)
    #expect(statistics.stored == 3)
    await cache.remove(otherKey)
    #expect(cache.statistics.entries == 0)
  }
}
