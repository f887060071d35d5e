// One hook for every call of a provider.
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct ObservingTests {
  let time = VirtualTime()
  let kept = Kept()
  let heard = Heard()
  let inner = LedProvider("openai")
  let request = ChatRequest(model: "gpt-4o", prompt: "Why is the sky blue?").with(\.temperature, 0.25)

  private var provider: any ChatProvider { inner.observed(by: heard.log) }

  @Test func `an answer is one span, with the names of the conventions`() throws {
    let seen = provider.stream(request).record(in: time)
    time.advance(by: .milliseconds(200))
    inner.begin("gpt-4o-2024")
    inner.say("Be")
    time.advance(by: .milliseconds(50))
    inner.say("cause")
    inner.end(Usage(inputTokens: 7, outputTokens: 2))
    #expect(seen.elements.last?.isTerminal == true)

    let span = try #require(heard.begun.first)
    #expect(span.name == "chat gpt-4o")
    #expect(span.kind == .client)
    #expect(span.parent == nil)
    #expect(span.attributes["gen_ai.operation.name"] == "chat")
    #expect(span.attributes["gen_ai.provider.name"] == "openai")
    #expect(span.attributes["gen_ai.request.model"] == "gpt-4o")
    #expect(span.attributes["gen_ai.request.temperature"] == 0.25)
    let (_, outcome) = try #require(heard.ended.first)
    #expect(outcome.status == .ok)
    #expect(outcome.attributes["gen_ai.response.model"] == "gpt-4o-2024")
    #expect(outcome.attributes["gen_ai.response.id"] == "x")
    #expect(outcome.attributes["gen_ai.response.finish_reasons"] == ["stop"])
    #expect(outcome.attributes["gen_ai.response.time_to_first_chunk"] == 0.2)
    #expect(outcome.attributes["gen_ai.usage.input_tokens"] == 7)
    #expect(outcome.attributes["gen_ai.usage.output_tokens"] == 2)
    #expect(outcome.attributes["error.type"] == nil)
    let report = try #require(outcome.answer)
    #expect(report.duration == .milliseconds(250))
    #expect(report.timeToFirstChunk == .milliseconds(200))
    #expect(report.generation == .milliseconds(50))
    #expect(report.chunks == 2)
    #expect(report.timesPerChunk.count == 1)
    #expect(report.tokensPerSecond == 40)
    #expect(!report.isInputEstimated && !report.isOutputEstimated)
    #expect(heard.events.map(\.name) == ["gen_ai.first_chunk"])
    #expect(heard.records.count == 3)
    try inner.source.expectReleased()
  }

  @Test func `events pass as they are, and no more is asked for than was`() throws {
    let seen = provider.stream(request).record(in: time, demand: 2)
    #expect(inner.source.asked == 2)
    inner.answer("a", "b")
    #expect(seen.elements == [.started(.init(id: "x", model: "m-1")), .roundStarted(0)])
    #expect(inner.source.askedInTotal == 2)
    seen.request(1)
    #expect(inner.source.askedInTotal == 3)
    seen.cancel()
    try inner.source.expectReleased()
    #expect(seen.violations.isEmpty)
  }

  @Test func `every call shape is heard, once`() async throws {
    let provider = SingleAnswerProvider(name: "one") { _ in ChatResponse(text: "hi") }
      .observed(by: heard.log)
    _ = try await provider.complete(request)
    for try await _ in provider.stream(request).values {}
    _ = try await provider.promise(request).value
    let called = Latest<ChatResponse>()
    let task = Task {
      await withCheckedContinuation { continuation in
        let subscription = provider.complete(request) { result in
          called.value = try? result.get()
          continuation.resume()
        }
        kept.keep(subscription)
      }
    }
    await task.value
    _ = try await provider.batch([request, request], maxInFlight: 2).collect()
    #expect(called.value?.text == "hi")
    #expect(heard.begun.count == 6)
    #expect(heard.ended.count == 6)
    #expect(heard.ended.allSatisfy { $0.outcome.status == .ok })
    #expect(Set(heard.ended.map(\.span.id.span)).count == 6)
  }

  @Test func `a cancelled answer ends once, with what had come estimated`() throws {
    let seen = provider.stream(request).record(in: time)
    inner.begin()
    inner.say("12345678")
    inner.say("9")
    time.advance(by: .seconds(1))
    seen.cancel()
    #expect(heard.ended.count == 1)
    let outcome = try #require(heard.ended.first?.outcome)
    #expect(outcome.status == .cancelled)
    #expect(outcome.attributes["flow.outcome"] == "cancelled")
    #expect(outcome.attributes["error.type"] == nil)
    #expect(outcome.answer?.usage?.outputTokens == 3)
    #expect(outcome.answer?.usage?.inputTokens == 9)
    #expect(outcome.attributes["flow.usage.output_tokens.estimated"] == true)
    #expect(outcome.attributes["flow.usage.input_tokens.estimated"] == true)
    #expect(outcome.answer?.duration == .seconds(1))
    try inner.source.expectReleased()
  }

  @Test func `a failed answer ends once, with its kind and what had come`() throws {
    let seen = provider.stream(request).record(in: time)
    inner.begin()
    inner.say("1234")
    var error = ProviderError(.timeout(.betweenTokens), "no further token", status: 200)
    error.emitted.usage = Usage(inputTokens: 11, outputTokens: 0)
    inner.source.fail(error)
    try seen.expect(.started(.init(id: "x", model: "m-1")), .roundStarted(0), .textStarted(.init(block: 0)))
    #expect(heard.ended.count == 1)
    let outcome = try #require(heard.ended.first?.outcome)
    #expect(outcome.status == .failed(.timeout(.betweenTokens)))
    #expect(outcome.attributes["error.type"] == "timeout.betweenTokens")
    #expect(outcome.attributes["http.response.status_code"] == 200)
    #expect(outcome.answer?.usage?.inputTokens == 11)
    #expect(outcome.answer?.isInputEstimated == false)
    #expect(outcome.answer?.usage?.outputTokens == 1)
    #expect(outcome.answer?.isOutputEstimated == true)
  }

  @Test func `a request that was refused has used nothing`() throws {
    let seen = provider.stream(request).record(in: time)
    inner.source.fail(ProviderError(.rateLimited, "later", status: 429))
    #expect(seen.end != nil)
    #expect(heard.ended.first?.outcome.answer?.usage == nil)
    #expect(heard.ended.first?.outcome.attributes["error.type"] == "rateLimited")
  }

  @Test func `an answer without usage is estimated`() throws {
    kept.keep(provider.stream(request).record(in: time))
    inner.answer("1234", "5678")
    let report = try #require(heard.ended.first?.outcome.answer)
    #expect(report.usage?.outputTokens == 2)
    #expect(report.usage?.totalTokens == 11)
    #expect(report.isInputEstimated && report.isOutputEstimated)
  }

  @Test func `usage is the sum of all rounds`() throws {
    kept.keep(provider.stream(request).record(in: time))
    inner.source.send(.started(.init()))
    for round in 0..<2 {
      inner.source.send(
        .roundStarted(round), .usage(Usage(inputTokens: 5, outputTokens: 1)),
        .roundEnded(round, Finish(.stop)))
    }
    inner.source.send(.finished(Finish(.stop)))
    inner.source.finish()
    #expect(heard.ended.first?.outcome.answer?.usage?.inputTokens == 10)
    #expect(heard.ended.first?.outcome.answer?.rounds == 2)
  }

  @Test func `what nobody asks for is not told`() throws {
    let seen = provider.stream(request).record(in: time, demand: 0)
    seen.cancel()
    #expect(heard.records.isEmpty)
  }

  @Test func `whoever reads no further than the last event has the whole answer`() throws {
    let seen = provider.stream(request).prefix(while: { !$0.isTerminal }, inclusive: true).record(in: time)
    inner.answer("a", usage: Usage(inputTokens: 1, outputTokens: 1))
    #expect(seen.elements.last?.isTerminal == true)
    #expect(heard.ended.map(\.outcome.status) == [.ok])
  }

  @Test func `nothing of what is said is told unless it is asked for`() throws {
    let secret = "the-prompt-of-somebody"
    let asked = ChatRequest(model: "m", prompt: secret, system: "the-system")
    kept.keep(provider.stream(asked).record(in: time))
    inner.begin()
    inner.say("the-answer")
    inner.source.fail(ProviderError(.invalidRequest, "you said \(secret)", status: 400))
    for word in [secret, "the-system", "the-answer", "you said"] { #expect(!heard.text.contains(word)) }
  }

  @Test func `asked for, it is told without keys, and cut`() throws {
    let asked = ChatRequest(model: "m", prompt: "my key is sk-abcdefghijklmnop, keep it")
    let provider = inner.observed(by: heard.log, content: .recorded(upTo: 30))
    kept.keep(provider.stream(asked).record(in: time))
    inner.answer("yes", "!", usage: Usage(inputTokens: 1, outputTokens: 1))
    let attributes = try #require(heard.ended.first?.outcome.attributes)
    let input = try JSONValue(parsing: #require(attributes["gen_ai.input.messages"]?.string))
    #expect(input[0]?["role"] == "user")
    #expect(input[0]?["parts"]?[0]?["content"] == "my key is sk-…, keep it")
    let output = try JSONValue(parsing: #require(attributes["gen_ai.output.messages"]?.string))
    #expect(output[0]?["parts"]?[0]?["content"] == "yes!")
    #expect(output[0]?["finish_reason"] == "stop")
    #expect(!heard.text.contains("abcdefghijklmnop"))
  }

  @Test func `of two around one another the inner is a part of the outer`() throws {
    kept.keep(inner.observed(by: heard.log).observed(by: heard.log).stream(request).record(in: time))
    inner.answer("a")
    #expect(heard.begun.count == 2)
    #expect(heard.begun[1].parent == heard.begun[0].id)
    #expect(heard.begun[1].id.traceID == heard.begun[0].id.traceID)
    // The part ends first.
    #expect(heard.ended.map(\.span.id) == [heard.begun[1].id, heard.begun[0].id])
  }

  @Test func `several hear the same`() throws {
    let (other, metrics) = (Heard(), Metrics())
    kept.keep(
      inner.with(Observing(heard.log, other.log, metrics, provider: "p")).stream(request).record(in: time))
    inner.answer("a")
    #expect(heard.records == other.records)
    #expect(metrics.snapshot()["p", "gpt-4o"]?.requests == 1)
  }

  @Test func `a request that came in with a trace goes on in it`() throws {
    let id = try #require(SpanID(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"))
    let answer = provider.stream(request).withValue(CurrentSpan(heard.log, id), for: CurrentSpan.self)
    kept.keep(answer.record(in: time))
    inner.answer("a")
    #expect(heard.begun.first?.parent == id)
    #expect(heard.begun.first?.id.traceID == "0af7651916cd43dd8448eb211c80319c")
  }
}
