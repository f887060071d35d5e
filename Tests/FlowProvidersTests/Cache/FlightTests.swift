// One answer for all who ask the same at the same time.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct FlightTests {
  let time = VirtualTime()
  let cache = ResponseCache()
  let request = ChatRequest(model: "m", prompt: "Why is the sky blue?")
  let provider = DrivenProvider()

  private func ask(demand: FlowDemand = .unlimited, of cache: ResponseCache? = nil) -> Recording<ChatEvent> {
    provider.cached(by: cache ?? self.cache).stream(request).record(in: time, demand: demand)
  }

  @Test func `who comes late hears the beginning, and then what comes`() throws {
    let first = ask()
    provider.send(Events.head + Events.words("a"))
    let second = ask()
    #expect(second.elements == Events.head + Events.words("a"))
    provider.send(Events.words("b"))
    let third = ask()
    provider.send(Events.tail())
    provider.source.finish()
    for seen in [first, second, third] {
      #expect(seen.elements == Events.answer(["a", "b"]))
      #expect(seen.isFinished)
      #expect(seen.violations.isEmpty)
    }
    #expect(provider.source.subscriptions == 1)
    #expect(cache.statistics.misses == 1)
    #expect(cache.statistics.joined == 2)
    #expect(cache.statistics.savedTokens == 14)
    try provider.source.expectReleased()
  }

  @Test func `when the first leaves, the others hear the rest`() throws {
    let (first, second) = (ask(), ask())
    provider.send(Events.head)
    first.cancel()
    #expect(provider.source.isActive)
    provider.send(Events.words("a") + Events.tail())
    provider.source.finish()
    #expect(second.elements == Events.answer(["a"]))
    #expect(cache.statistics.entries == 1)
    try provider.source.expectReleased()
  }

  @Test func `when the last leaves, the provider is let go, and the next request is a new one`() throws {
    let (first, second) = (ask(), ask())
    provider.send(Events.head)
    first.cancel()
    second.cancel()
    #expect(provider.source.cancellations == 1)
    try provider.source.expectReleased()
    let third = ask()
    #expect(third.elements == [])
    #expect(provider.source.subscriptions == 2)
    third.cancel()
  }

  @Test func `a failure is that of all, after what came before`() throws {
    let (first, second) = (ask(), ask())
    provider.send(Events.head)
    provider.source.fail(ProviderError(.overloaded, "full"))
    let third = ask()
    for seen in [first, second] {
      #expect(seen.elements == Events.head)
      guard case .failed(let error as ProviderError) = seen.end else { throw Missing("the failure") }
      #expect(error.kind == .overloaded)
    }
    #expect(provider.source.subscriptions == 2)
    #expect(third.end == nil)
    third.cancel()
  }

  @Test func `the fastest sets the pace, and nothing is asked for that nobody asked for`() {
    let (fast, slow) = (ask(demand: 2), ask(demand: 1))
    #expect(provider.source.asked == 2)
    provider.send(Events.answer(["a"]))
    #expect(provider.source.sent == 2)
    #expect(fast.elements.count == 2)
    #expect(slow.elements.count == 1)
    slow.request(1)
    #expect(slow.elements.count == 2)
    #expect(provider.source.sent == 2)
    fast.request(1)
    #expect(provider.source.sent == 3)
    #expect(slow.elements.count == 2)
  }

  @Test func `what the fastest has asked for goes with it`() {
    let (fast, slow) = (ask(), ask(demand: 1))
    provider.send(Events.head)
    fast.cancel()
    provider.send(Events.words("a", "b"))
    #expect(provider.source.sent <= 4)
    slow.request(1)
    slow.request(1)
    #expect(slow.elements == Events.head)
    slow.request(2)
    #expect(slow.elements == Events.head + Events.words("a", "b"))
  }

  @Test func `beyond the size of an entry the fastest waits for the slowest, and nobody joins`() throws {
    let small = ResponseCache(maxEntryBytes: 1000)
    let (fast, slow) = (ask(of: small), ask(demand: 1, of: small))
    let words = (0..<100).map {
      ChatEvent.textDelta(String(repeating: "\($0 % 10)", count: 100), Events.place)
    }
    provider.send(Events.head + words)
    // An entry, and what had been asked for in one go.
    #expect(fast.elements.count < 60)
    let before = fast.elements.count
    let late = ask(of: small)
    #expect(provider.source.subscriptions == 2)
    slow.request(50)
    #expect(fast.elements.count > before)
    slow.request(1000)
    provider.send(Events.tail())
    provider.source.finish()
    #expect(fast.elements == Events.head + words + Events.tail())
    #expect(slow.elements == fast.elements)
    #expect(small.statistics.entries == 0)
    late.cancel()
    try provider.source.expectReleased()
  }

  @Test func `the slowest gone, the fastest goes on`() {
    let small = ResponseCache(maxEntryBytes: 1000)
    let (fast, slow) = (ask(of: small), ask(demand: 1, of: small))
    provider.send(Events.head + (0..<300).map { ChatEvent.textDelta("\($0)", Events.place) })
    #expect(fast.elements.count < 303)
    slow.cancel()
    #expect(fast.elements.count == 303)
    fast.cancel()
  }

  @Test func `a thousand who ask at once cost one call`() throws {
    let all = (0..<1000).map { _ in ask() }
    provider.answer("a")
    #expect(all.allSatisfy { $0.text == "a" && $0.isFinished })
    #expect(provider.source.subscriptions == 1)
  }

  @Test func `who asks again when it hears of the end finds the answer`() {
    let counting = CountingProvider()
    let cached = counting.cached(by: cache)
    let twice = Flow<ChatEvent>.concat([cached.stream(request), cached.stream(request)]).record(in: time)
    #expect(twice.isFinished)
    #expect(counting.count == 1)
  }
}
