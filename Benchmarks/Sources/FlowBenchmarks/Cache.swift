// An answer of 200 tokens: from a cache, from its provider, and from its provider by way of a cache.
import FlowProviders
import Flows

/// Has its answer at hand, and gives it after a while.
private struct Prompt: ChatProvider {
  let name = "prompt"
  var latency: Duration?

  private static let events: [ChatEvent] = {
    let place = ChatEvent.Place(block: 0)
    let words = (0..<200).map { ChatEvent.textDelta("word \($0) ", place) }
    let end = Finish(.stop)
    return [.started(.init(id: "a", model: "m")), .roundStarted(0), .textStarted(place)] + words + [
      .textEnded(place), .usage(Usage(inputTokens: 10, outputTokens: 200, totalTokens: 210)),
      .roundEnded(0, end), .finished(end),
    ]
  }()

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    let answer = Flow.from(Prompt.events)
    return if let latency { answer.delaySubscription(for: latency) } else { answer }
  }
}

/// Asks `count` times, and counts the bytes of the answers.
private func ask(_ provider: any ChatProvider, _ count: Int, _ request: (Int) -> ChatRequest) async throws
  -> Int
{
  var bytes = 0
  for number in 0..<opaque(count) {
    bytes += try await provider.stream(request(number)).reduce(0) { $0 + ($1.text?.utf8.count ?? 0) }
  }
  return bytes
}

func cache(_ table: Table) async throws {
  let request = ChatRequest(model: "m", messages: [.system("Be brief."), .user("Why is the sky blue?")])
  let same: (Int) -> ChatRequest = { _ in request }
  let bare = Prompt()
  let slow = Prompt(latency: .milliseconds(20))
  let (fast, soon) = (bare.cached(by: ResponseCache()), slow.cached(by: ResponseCache()))
  let new = bare.cached(by: ResponseCache(maxEntries: 100))
  try await table.compare(
    "cache", per: "answer", count: 2000, samples: 9, baseline: "the provider, without latency",
    { try await ask(bare, 2000, same) },
    { try await ask(fast, 2000, same) })
  try await table.compare(
    "cache-latency", per: "answer", count: 5, samples: 9, baseline: "the provider, first token after 20 ms",
    { try await ask(slow, 5, same) },
    { try await ask(soon, 5, same) })
  var seed = 0
  try await table.compare(
    "cache-miss", per: "answer", count: 2000, samples: 9, baseline: "the provider, without latency",
    { try await ask(bare, 2000) { request.with(\.seed, $0) } },
    {
      seed += 2000
      return try await ask(new, 2000) { [seed] in request.with(\.seed, seed + $0) }
    })
}
