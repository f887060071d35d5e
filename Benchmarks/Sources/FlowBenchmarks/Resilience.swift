// What stands around a provider: what it costs for each token, and what it gains.
import FlowProviders
import FlowTesting
import Flows

/// A provider whose tokens the benchmark sends.
private final class Spoken: ChatProvider, @unchecked Sendable {
  let name = "spoken"
  // Written and read on one thread, while the flow is started and driven.
  var emitter: FlowEmitter<ChatEvent>?

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    .create(buffer: 16, whenFull: .fail) { [self] in emitter = $0 }
  }
}

private let place = ChatEvent.Place(block: 0)
private let request = ChatRequest(model: "m", prompt: "hello")
private let opening: [ChatEvent] = [.started(.init()), .roundStarted(0), .textStarted(place)]
private let closing: [ChatEvent] = [
  .textEnded(place), .roundEnded(0, Finish(.stop)), .finished(Finish(.stop)),
]

private final class Count: @unchecked Sendable {
  // One thread drives the answer.
  var tokens = 0
}

/// One answer of so many tokens, one at a time.
private func speak(_ tokens: Int, _ spoken: Spoken, _ provider: any ChatProvider) -> Int {
  let count = Count()
  let subscription = provider.stream(request).subscribe { if $0.text != nil { count.tokens += 1 } }
  guard let emitter = spoken.emitter else { return -1 }
  for event in opening { emitter.yield(event) }
  for _ in 0..<tokens { emitter.yield(.textDelta("word ", place)) }
  for event in closing { emitter.yield(event) }
  emitter.finish()
  subscription.cancel()
  return count.tokens
}

/// The full stack around a provider, over the bare flow: `overhead`.
func overhead(_ table: Table) async {
  let tokens = 20_000
  let spoken = Spoken()
  let full = spoken.with(
    ProviderRetry(budget: RetryBudget(share: 0.1, reserve: 10)), ProviderBreaker(),
    Bulkhead(maxConcurrent: 100, maxWaiting: 100), ProviderPacing(),
    ProviderLimits(firstToken: .seconds(60), betweenTokens: .seconds(30), total: .seconds(600)))
  await table.compare(
    "overhead", per: "token", count: tokens, baseline: "the provider's flow alone",
    { speak(tokens, spoken, spoken) }, { speak(tokens, spoken, full) })
  await table.compare(
    "overhead-cache", per: "token", count: tokens, baseline: "the provider's flow alone",
    { speak(tokens, spoken, spoken) },
    // A cache of its own each time: it looks, finds nothing, and keeps.
    { speak(tokens, spoken, full.cached(by: ResponseCache())) })
}

/// Answers after a time.
private struct Late: ChatProvider {
  let name = "late"
  let delay: @Sendable () -> Duration

  func stream(_ request: ChatRequest) -> Flow<ChatEvent> {
    Flow<ChatEvent>.deferred {
      Flow<FlowTick>.timer(after: delay()).concatMap { _ in
        Flow.from(opening + [.textDelta("word", place)] + closing)
      }
    }
  }
}

/// A thousand requests of a tenth of a second, a hundred at a time: `batch`; in real time.
func batch(_ table: Table) async throws {
  guard table.wants("batch") else { return }
  let provider = Late { .milliseconds(100) }
  func run(_ requests: Int, atATime limit: Int) async throws -> Double {
    let start = ContinuousClock.now
    let count = try await provider.batch(
      (0..<requests).map { _ in request }, maxInFlight: limit
    ).count()
    precondition(count == requests)
    return nanoseconds(ContinuousClock.now - start) / 1e6
  }
  let mine = try await [run(1000, atATime: 100), run(1000, atATime: 100), run(1000, atATime: 100)]
  table.add(
    Row(
      name: "batch", unit: "ms", value: median(mine), minimum: mine.min()!, baseline: "the ideal",
      baselineValue: 1000, target: 1.1))
  // One after another, of which twenty are enough to know a thousand.
  let one = try await run(20, atATime: 1) * 50
  table.add(
    Row(
      name: "batch-sequential", unit: "ms", value: median(mine), minimum: mine.min()!,
      baseline: "one after another (20, times 50)", baselineValue: one, target: 0.4))
}

/// The time to the first token of answers most of which come soon: `race` and `hedge`; in virtual time, so exact.
func firstOfSeveral(_ table: Table) async {
  guard table.wants("race") || table.wants("hedge") else { return }
  let single = firstTokens { Late(delay: $0) }
  let raced = firstTokens { ProviderGroup(Late(delay: $0), Late(delay: $0)).race(decidedBy: .firstToken) }
  let times = FirstTokenTimes(window: 200, least: 50)
  let hedged = firstTokens {
    Late(delay: $0).hedged(
      after: .quantile(0.95, of: times, least: .milliseconds(10), unknown: .seconds(2)),
      budget: HedgeBudget(share: 0.1, reserve: 10))
  }
  for (name, mine) in [("race", raced), ("hedge", hedged)] where table.wants(name) {
    for (suffix, part) in [("", 0.5), ("@p99", 0.99)] {
      let value = quantile(mine, part)
      table.add(
        Row(
          name: name + suffix, unit: "ms", value: value, minimum: mine[0], baseline: "one provider",
          baselineValue: quantile(single, part), target: nil))
    }
  }
}

private func quantile(_ sorted: [Double], _ part: Double) -> Double {
  sorted[Int(Double(sorted.count - 1) * part)]
}

/// Ten thousand answers, one after another, each after what chance says: mostly 200 to 400 milliseconds, one in
/// twenty up to 5 seconds. Sorted, in milliseconds.
private func firstTokens(_ make: (@escaping @Sendable () -> Duration) -> any ChatProvider) -> [Double] {
  let chance = Chance()
  let provider = make { chance.delay() }
  let time = VirtualTime()
  var all: [Double] = []
  for _ in 0..<10_000 {
    let start = time.now
    let seen = provider.stream(request).filter { $0.text != nil }.prefix(1).record(in: time)
    time.run()
    precondition(seen.elements.count == 1)
    all.append(nanoseconds(start.duration(to: time.now)) / 1e6)
  }
  return all.sorted()
}

private final class Chance: @unchecked Sendable {
  // Everything happens on the thread that drives the time.
  private var state: UInt64 = 1

  private func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }

  func delay() -> Duration {
    let isSlow = next() % 20 == 0
    return .microseconds(200_000 + Int64(next() % (isSlow ? 4_800_000 : 200_000)))
  }
}
