// Figures of what is done.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct MetricsTests {
  let time = VirtualTime()
  let kept = Kept()
  let metrics = Metrics()
  let inner = LedProvider("openai")
  let request = ChatRequest(model: "m", prompt: "hello")

  private var provider: any ChatProvider { inner.observed(by: metrics) }
  private var figures: ProviderMetrics? { metrics.snapshot()["openai", "m"] }

  @Test func `counts answers, failures by kind and cancellations`() throws {
    let seen = (0..<4).map { _ in provider.stream(request).record(in: time) }
    #expect(figures?.inFlight == 4)
    #expect(figures?.requests == 0)
    seen[0].cancel()
    #expect(figures?.inFlight == 3)
    time.advance(by: .milliseconds(300))
    inner.answer("1234", "5678", usage: Usage(inputTokens: 10, outputTokens: 2))
    #expect(figures?.inFlight == 0)
    #expect(figures?.requests == 4)
    #expect(figures?.cancelled == 1)
    for kind in [ProviderError.Kind.rateLimited, .rateLimited, .timeout(.firstToken)] {
      kept.keep(provider.stream(request).record(in: time))
      inner.source.fail(ProviderError(kind, "no"))
    }
    let all = try #require(figures)
    #expect(all.errors == ["rateLimited": 2, "timeout.firstToken": 1])
    #expect(all.failures == 3)
    #expect(all.requests == 7)
    #expect(all.timeToFirstChunk.count == 3)
    #expect(abs(all.timeToFirstChunk.sum - 0.9) < 1e-9)
    #expect(all.inputTokens.count == 4)
    #expect(all.inputTokens.sum == 30 + 6)
    #expect(all.estimatedInputTokens == 6)
    #expect(metrics.snapshot().requests == 7)
    #expect(metrics.snapshot().failures == 3)
    #expect(metrics.snapshot().inFlight == 0)
  }

  @Test func `a snapshot comes in every interval, for as long as somebody wants it`() throws {
    let seen = metrics.snapshots(every: .seconds(10)).map(\.requests).record(in: time)
    kept.keep(provider.stream(request).record(in: time))
    inner.answer("a")
    time.advance(by: .seconds(25))
    try seen.expect(1, at: .seconds(10))
    try seen.expect(1, at: .seconds(20))
    seen.cancel()
    try seen.done()
  }

  @Test func `others feed gauges, and are asked for figures`() throws {
    let queue = metrics.gauge("flow_queue_waiting", help: "Requests that wait.", labels: ["provider": "a"])
    queue.set(3)
    queue.add(-1)
    let isThere = Latest<Bool>()
    isThere.value = true
    metrics.reading {
      isThere.value == true ? [MetricReading("flow_cache_entries", help: "Entries.", value: 5)] : nil
    }
    let all = metrics.snapshot().readings
    #expect(all.map(\.name) == ["flow_queue_waiting", "flow_cache_entries"])
    #expect(all.map(\.value) == [2, 5])
    isThere.value = false
    #expect(metrics.snapshot().readings.map(\.value) == [2])
    isThere.value = true
    #expect(metrics.snapshot().readings.map(\.value) == [2])
  }

  @Test func `whoever names models at will fills no memory`() throws {
    let metrics = Metrics(limit: 3)
    let provider = inner.observed(by: metrics)
    for number in 0..<100 {
      kept.keep(provider.stream(ChatRequest(model: "model \(number)", prompt: "hello")).record(in: time))
      inner.answer("a")
      metrics.gauge("gauge_\(number)", help: "").set(1)
    }
    let snapshot = metrics.snapshot()
    #expect(snapshot.providers.count == 4)
    #expect(snapshot["other", "other"]?.requests == 97)
    #expect(snapshot.inFlight == 0)
    #expect(snapshot.readings.count == 3)
  }

  @Test func `nonsense from a provider traps nothing`() throws {
    for usage in [Usage(inputTokens: .max, outputTokens: .max), Usage(inputTokens: -5, outputTokens: .min)] {
      for _ in 0..<2 {
        kept.keep(provider.stream(request).record(in: time))
        var usage = usage
        usage.cachedInputTokens = .max
        usage.reasoningTokens = .max
        inner.answer("a", "b", usage: usage)
      }
    }
    #expect(figures?.requests == 4)
    #expect(metrics.snapshot().prometheus.contains("flow_requests_total"))
  }

  @Test func `work that asks no model has no figures`() throws {
    let flow = Flow.just(1).inSpan("work").withValue(CurrentSpan(metrics, SpanID()), for: CurrentSpan.self)
    kept.keep(flow.record(in: time))
    #expect(metrics.snapshot().providers.isEmpty)
  }
}
