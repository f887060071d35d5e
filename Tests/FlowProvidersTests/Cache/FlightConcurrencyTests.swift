// One answer for many, on many threads: nothing is lost, doubled or left over.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct FlightConcurrencyTests {
  @Test func `many ask the same from everywhere, some leave, and all others hear all`() async throws {
    for round in 0..<20 {
      let cache = ResponseCache()
      let words = (0..<50).map { "\($0) " }
      let provider = CountingProvider { _ in
        Flow.from(Events.answer(words)).asyncMap { event in
          await Task.yield()
          return event
        }
      }
      let cached = provider.cached(by: cache)
      let request = ChatRequest(model: "m", prompt: "\(round)")
      let texts = try await withThrowingTaskGroup(of: String?.self) { group in
        for number in 0..<32 {
          group.addTask {
            if number % 4 == 3 {
              // Leaves in the middle.
              let start = try await cached.stream(request).prefix(number).collect()
              return start.isEmpty ? "nothing came" : nil
            }
            return try await cached.complete(request).text
          }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(texts.compactMap(\.self).count == 24)
      #expect(Set(texts.compactMap(\.self)) == [words.joined()])
      let statistics = cache.statistics
      #expect(statistics.misses == provider.count)
      #expect(statistics.hits + statistics.misses + statistics.joined == 32)
      // It may have been cancelled with its last listener before the others came, but was never asked twice at once.
      #expect(try await cached.complete(request.with(\.cacheUse, .onlyIfCached)).text == words.joined())
    }
  }

  @Test func `who leaves while it begins leaves nothing behind`() async throws {
    let cache = ResponseCache()
    let live = LiveCount()
    let provider = CountingProvider { _ in
      let token = live.token()
      return Flow.from(Events.answer(["a"])).append(.never()).onValue { _ in withExtendedLifetime(token) {} }
    }
    let cached = provider.cached(by: cache)
    let request = ChatRequest(model: "m", prompt: "a")
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<200 {
        group.addTask {
          let task = Task { try await cached.stream(request).collect() }
          await Task.yield()
          task.cancel()
          _ = await task.result
        }
      }
    }
    try live.expectNone()
  }
}
