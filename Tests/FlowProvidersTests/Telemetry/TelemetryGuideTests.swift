// The examples of docs/guides/telemetry.md.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct TelemetryGuideTests {
  let openAI = Chat.named("openai")
  let request = ChatRequest(model: "gpt-4o", prompt: "Why is the sky blue?")

  @Test func `figures`() async throws {
    let output = Latest<String>()
    func print(_ count: Int) { output.value = "\(count)" }
    let metrics = Metrics()
    let provider = openAI.observed(by: metrics)
    _ = try await provider.complete(request)
    print(metrics.snapshot()["openai", "gpt-4o"]?.requests ?? 0)
    #expect(output.value == "1")
  }

  private final class Pool: Sendable { let idle = 2 }

  @Test func `figures of others`() {
    let metrics = Metrics()
    var pool: Pool? = Pool()
    add(pool, to: metrics)
    #expect(metrics.snapshot().readings.map(\.value) == [3, 2])
    #expect(pool != nil)
    pool = nil
    #expect(metrics.snapshot().readings.map(\.value) == [3])
  }

  private func add(_ pool: Pool?, to metrics: Metrics) {
    let waiting = metrics.gauge(
      "flow_queue_waiting", help: "Requests that wait.", labels: ["provider": "openai"])
    waiting.set(3)
    metrics.reading { [weak pool] in
      pool.map { [MetricReading("pool_idle", help: "Connections that do nothing.", value: Double($0.idle))] }
    }
  }

  @Test func `spans`() async throws {
    let printed = Latest<[String]>()
    printed.value = []
    @Sendable func print(_ json: JSONValue) { printed.change { $0.append(json.text) } }
    let provider = openAI.observed(by: TelemetryLog { record in print(record.json) })
    _ = try await provider.complete(request)
    #expect(printed.value?.count == 3)
    #expect(printed.value?.first?.contains(#""name":"chat gpt-4o""#) == true)
  }

  @Test func `parts of the whole`() throws {
    let (heard, time, inner, kept) = (Heard(), VirtualTime(), LedProvider("p"), Kept())
    kept.keep(inner.with(Twice()).observed(by: heard.log).stream(request).record(in: time))
    inner.source.fail(ProviderError(.overloaded, "full"))
    inner.answer("a")
    #expect(heard.ended.map(\.span.name) == ["attempt", "attempt", "chat gpt-4o"])
    #expect(heard.ended.map(\.outcome.status) == [.failed(.overloaded), .ok, .ok])
    #expect(Set(heard.ended.prefix(2).map(\.span.parent)) == [heard.ended[2].span.id])
  }
}

struct Twice: Middleware {
  func intercept(_ request: ChatRequest, next: @escaping Next) -> Flow<ChatEvent> {
    next(request).inSpan("attempt", attributes: ["flow.attempt": 1])
      .catch { _ in next(request).inSpan("attempt", attributes: ["flow.attempt": 2]) }
  }
}

extension Chat {
  /// A provider of this name that says something.
  static func named(_ name: String) -> any ChatProvider {
    SingleAnswerProvider(name: name) { _ in ChatResponse(text: "So it is") }
  }
}
