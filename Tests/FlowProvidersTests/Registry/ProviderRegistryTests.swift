// Providers that come and go while a program runs.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite(.timeLimit(.minutes(10))) struct ProviderRegistryTests {
  let time = VirtualTime()

  @Test
  func
    `a hot swap under load: every answer ends with whom it began, and the old one is shut down once, then`()
    throws
  {
    let (old, new) = (PlayedProvider("a", letters: 10), PlayedProvider("b", letters: 10))
    let registry = ProviderRegistry(in: time)
    try registry.register("p", old.instance)
    let provider = try #require(registry.provider(named: "p"))
    let answers = Latest<[Recording<ChatEvent>]>()
    answers.value = []
    // A hundred answers of ten seconds, ten a second, and the swap in their middle.
    for number in 0..<100 {
      time.at(.milliseconds(100 * number + 50)) { [time] in
        answers.change { $0.append(provider.stream(question).record(in: time)) }
      }
    }
    let retired = Latest<ProviderRetirement>()
    time.at(.seconds(5)) {
      retired.value = try? registry.replace("p", with: new.instance)
      #expect(retired.value?.inFlight == 50)
      #expect(registry.health.map(\.inFlight) == [0])
    }
    // The last that began with the old one began at 4.95 and ends at 14.95.
    time.advance(by: .milliseconds(14_949))
    #expect(old.shutdowns == 0)
    #expect(retired.value?.inFlight == 1)
    time.advance(by: .milliseconds(1))
    #expect(old.shutdowns == 1)
    #expect(retired.value?.isOver == true)
    time.run()
    let texts = (answers.value ?? []).map(\.text)
    #expect(texts == (0..<100).map { String(repeating: $0 < 50 ? "a" : "b", count: 10) })
    for answer in answers.value ?? [] {
      guard case .finished? = answer.end else { throw Missing("\(answer.events)") }
    }
    #expect(old.requests.count == 50 && new.requests.count == 50)
    #expect(old.shutdowns == 1 && new.shutdowns == 0)
    #expect(registry.names == ["p"])
    #expect(time.pendingTimers == 0)
  }

  @Test func `who drains too long is broken off, and told so`() throws {
    let (old, new) = (PlayedProvider("a", letters: 10), PlayedProvider("b"))
    let registry = ProviderRegistry(in: time)
    try registry.register("p", old.instance)
    let provider = try #require(registry.provider(named: "p"))
    let answer = provider.stream(question).record(in: time)
    // Nobody asks it for anything more: it has to go all the same.
    let idle = provider.stream(question).record(in: time, demand: 1)
    time.advance(by: .seconds(3))
    try registry.replace("p", with: new.instance, drain: .seconds(2))
    time.advance(by: .milliseconds(1999))
    #expect(answer.end == nil && old.shutdowns == 0)
    time.advance(by: .milliseconds(1))
    #expect(answer.text == "aaaaa" || answer.text == "aaaa")
    for recording in [answer, idle] {
      guard case .failed(let error)? = recording.end, let error = error as? ProviderError else {
        throw Missing("no failure")
      }
      #expect(error.kind == .cancelled)
      #expect(error.emitted.text == recording.text.utf8.count)
    }
    #expect(old.shutdowns == 1)
    #expect(time.pendingTimers == 0)
  }

  @Test func `a consumer who leaves ends its part too`() throws {
    let (old, new) = (PlayedProvider("a"), PlayedProvider("b"))
    let registry = ProviderRegistry(in: time)
    try registry.register("p", old.instance)
    let answer = try #require(registry.provider(named: "p")).stream(question).record(in: time)
    time.advance(by: .seconds(1))
    try registry.replace("p", with: new.instance, drain: .seconds(60))
    #expect(old.shutdowns == 0)
    answer.cancel()
    time.run()
    #expect(old.shutdowns == 1)
    #expect(time.pendingTimers == 0)
  }

  @Test func `shut down: nothing begins, what is under way gets its grace, and everybody is shut down once`()
    throws
  {
    let (one, two, three) = (
      PlayedProvider("a", letters: 2), PlayedProvider("b", letters: 9), PlayedProvider("c")
    )
    let registry = ProviderRegistry(in: time)
    try registry.register("one", one.instance)
    try registry.register("two", two.instance)
    try registry.register("three", three.instance)
    let changes = registry.healthChanges.record(in: time)
    let handle = try #require(registry.provider(named: "two"))
    let short = try #require(registry.provider(named: "one")).stream(question).record(in: time)
    let long = handle.stream(question).record(in: time)
    try registry.replace("two", with: three.instance)
    let end = Latest<FlowInstant>()
    let shutdown = Flow<Bool>.future { [time] in
      await registry.shutdown(grace: .seconds(5))
      end.value = time.now
      return true
    }.record(in: time)
    time.advance(by: .seconds(1))
    #expect(three.shutdowns == 2)
    let late = handle.stream(question).record(in: time)
    guard case .failed(let error)? = late.end else { throw Missing("it began") }
    #expect((error as? ProviderError)?.kind == .cancelled)
    #expect(throws: RegistryError.shutDown) { try registry.register("x", one.instance) }
    time.run()
    #expect(short.text == "aa")
    #expect(long.text.count < 9)
    try shutdown.expect(true, at: .seconds(5))
    #expect(end.value == FlowInstant(nanoseconds: 5_000_000_000))
    #expect([one, two].map(\.shutdowns) == [1, 1])
    #expect(registry.names.isEmpty)
    guard case .finished? = changes.end else { throw Missing("the changes go on") }
    #expect(time.pendingTimers == 0)
  }

  @Test func `without grace everything is broken off at once`() throws {
    let provider = PlayedProvider("a")
    let registry = ProviderRegistry(in: time)
    try registry.register("p", provider.instance)
    let answer = registry.activeProvider.stream(question).record(in: time)
    let shutdown = Flow<Bool>.future {
      await registry.shutdown(grace: .zero)
      return true
    }.record(in: time)
    time.advance(by: .zero)
    #expect(answer.end != nil && provider.shutdowns == 1)
    try shutdown.expect(true, at: .zero)
  }

  @Test func `whoever is active answers what begins from then on`() throws {
    let (one, two) = (PlayedProvider("a"), PlayedProvider("b"))
    let registry = ProviderRegistry(in: time)
    let active = registry.activeProvider
    try registry.register("one", one.instance)
    try registry.register("two", two.instance)
    #expect(active.name == "one")
    let before = active.stream(question).record(in: time)
    time.advance(by: .seconds(1))
    try registry.activate("two")
    #expect(active.name == "two")
    let after = active.stream(question).record(in: time)
    time.run()
    #expect(before.text == "aaa" && after.text == "bbb")
    try registry.remove("two")
    time.run()
    #expect(active.name == "one" && two.shutdowns == 1)
    #expect(throws: RegistryError.unknown("tow", suggestion: nil)) { try registry.activate("tow") }
  }

  @Test func `names are taken once, and unknown ones have neighbours`() throws {
    let registry = ProviderRegistry(in: time)
    try registry.register("one", PlayedProvider("a"))
    #expect(throws: RegistryError.taken("one")) { try registry.register("one", PlayedProvider("b")) }
    #expect(throws: RegistryError.noName("a:b")) { try registry.register("a:b", PlayedProvider("b")) }
    #expect(throws: RegistryError.unknown("opena", suggestion: "openai")) { try registry.remove("opena") }
    #expect(registry.provider(named: "two") == nil)
    let empty = ProviderRegistry(in: time).activeProvider.stream(question).record(in: time)
    guard case .failed(let error)? = empty.end else { throw Missing("somebody answered") }
    #expect((error as? ProviderError)?.kind == .invalidRequest)
  }

  @Test func `a registry that is let go shuts its providers down`() throws {
    let provider = PlayedProvider("a")
    var registry: ProviderRegistry? = ProviderRegistry(in: time)
    try registry?.register("p", provider.instance)
    let answer = registry?.activeProvider.stream(question).record(in: time)
    registry = nil
    time.advance(by: .seconds(1))
    #expect(provider.shutdowns == 0)
    time.run()
    #expect(answer?.text == "aaa")
    #expect(provider.shutdowns == 1)
  }

  @Test func `many threads swap, ask and shut down: each provider is shut down once`() async throws {
    let registry = ProviderRegistry(
      ProviderDependencies(transport: PlayedTransport(404), credentials: EnvironmentCredentials([:])))
    let providers = (0..<64).map { PlayedProvider("\($0)", letters: 0) }
    try registry.register("p", providers[0].instance)
    let provider = registry.activeProvider
    try await withThrowingTaskGroup { group in
      group.addTask {
        for next in providers.dropFirst() {
          try registry.replace("p", with: next.instance)
          await Task.yield()
        }
      }
      for _ in 0..<4 {
        group.addTask {
          for _ in 0..<200 {
            let answer = try await provider.complete(question)
            #expect(answer.finish?.reason == .stop)
          }
        }
      }
      try await group.waitForAll()
    }
    await registry.shutdown(grace: .seconds(60))
    #expect(providers.allSatisfy { $0.shutdowns == 1 })
    #expect(providers.map(\.requests.count).reduce(0, +) == 800)
  }
}
