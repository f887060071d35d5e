// What is configured holds.
import FlowTesting
import Flows
import Testing

@testable import FlowProviders

@Suite struct ProviderSettingsMiddlewareTests {
  let time = VirtualTime()

  private func settings(_ change: (inout ProviderSettings) -> Void) -> [any Middleware] {
    var settings = ProviderSettings("p", kind: "ollama")
    change(&settings)
    return settings.middleware
  }

  private func error(_ recording: Recording<ChatEvent>) -> ProviderError? {
    if case .failed(let error)? = recording.end { error as? ProviderError } else { nil }
  }

  @Test func `by itself nothing stands around a provider`() {
    #expect(settings { _ in }.isEmpty)
  }

  @Test func `so many attempts, with their delays, when nothing was told before`() throws {
    let around = settings {
      $0.retry.attempts = 3
      $0.retry.initial = .seconds(1)
      $0.retry.jitter = .none
    }
    let refused = Latest<Int>()
    refused.value = 0
    let provider = SingleAnswerProvider(name: "x") { _ in
      refused.change { $0 += 1 }
      throw ProviderError(.overloaded, "no")
    }
    let answer = provider.with(around).stream(question).record(in: time)
    time.run()
    #expect(refused.value == 3)
    #expect(error(answer)?.kind == .overloaded)
    #expect(answer.events.last?.instant == FlowInstant(nanoseconds: 3_000_000_000))
    // It has told something, so the words would come twice.
    let late = PlayedProvider(
      "a",
      failing: {
        var error = ProviderError(.truncated, "cut")
        error.emitted.events = 6
        return error
      }())
    let cut = late.with(around).stream(question).record(in: time)
    time.run()
    #expect(error(cut)?.kind == .truncated && late.requests.count == 1)
  }

  @Test func `so many requests in a stretch of time`() {
    let provider = PlayedProvider("a", letters: 0).with(
      settings { $0.requestRate = ConfigurationRate(2, per: .seconds(60)) })
    let answers = (0..<4).map { _ in provider.stream(question).record(in: time) }
    time.run()
    #expect(
      answers.map { $0.events.last?.instant.nanoseconds } == [0, 0, 30_000_000_000, 60_000_000_000])
  }

  @Test func `what tokens an answer has cost the next one waits for`() {
    let provider = SingleAnswerProvider(name: "x") { _ in
      ChatResponse(text: "a", usage: Usage(inputTokens: 100, outputTokens: 20))
    }.with(settings { $0.tokenRate = ConfigurationRate(60, per: .seconds(60)) })
    let first = provider.stream(question).record(in: time)
    time.advance(by: .zero)
    #expect(first.end != nil)
    let second = provider.stream(question).record(in: time)
    time.advance(by: .seconds(60))
    #expect(second.elements.isEmpty)
    time.run()
    #expect(second.end != nil)
  }

  @Test func `figures that are as good as no limit are none`() {
    let provider = PlayedProvider("a", letters: 1).with(
      settings {
        $0.requestRate = ConfigurationRate(.max, per: .seconds(86400))
        $0.tokenRate = ConfigurationRate(.max, per: .seconds(1))
        $0.maxInFlight = 1_000_000
        $0.retry.attempts = 100
        $0.retry.max = .seconds(3_200_000_000)
      })
    let answers = (0..<3).map { _ in provider.stream(question).record(in: time) }
    time.run()
    #expect(answers.map(\.text) == ["a", "a", "a"])
  }

  @Test func `so many side by side, and so many that wait`() {
    let provider = PlayedProvider("a", letters: 2).with(
      settings {
        $0.maxInFlight = 1
        $0.maxQueue = 1
      })
    let answers = (0..<3).map { _ in provider.stream(question).record(in: time) }
    time.run()
    #expect(answers.map(\.text) == ["aa", "aa", ""])
    #expect(answers[1].events.last?.instant == FlowInstant(nanoseconds: 4_000_000_000))
    #expect(error(answers[2])?.kind == .overloaded)
  }

  @Test func `a cache is there when something is said of it`() throws {
    #expect(try Configuration().cache == nil)
    let cache = try Configuration(ConfigurationText("f", #"{"cache":{"size":"1MiB","age":"unlimited"}}"#))
      .cache
    #expect(cache?.size == 1 << 20 && cache?.age == nil && cache?.entries == 10_000)
    #expect(
      try Configuration(ConfigurationText("f", #"{"cache":{"entries":5}}"#)).cache?.age == .seconds(3600))
    #expect(cache?.makeCache() != nil)
  }
}
