// Every way to call a provider.
import FlowHTTP
import FlowProviders
import FlowTesting
import Flows
import HTTPTestKit
import Testing

@Suite(.timeLimit(.minutes(10))) struct CallTests {
  let good = Chat.provider(PlayedTransport(body: Chat.body("Hel", "lo")))
  let bad = Chat.provider(PlayedTransport(404, body: #"{"error":"model 'm' not found"}"#))
  let time = VirtualTime()

  @Test func `awaited`() async throws {
    #expect(try await good.complete(Chat.request).text == "Hello")
    await #expect { try await bad.complete(Chat.request) } throws: {
      ($0 as? ProviderError)?.kind == .modelNotFound
    }
  }

  @Test func `awaited within a task that is cancelled`() async throws {
    let source = TestFlow<HTTPPart>("response")
    let provider = Chat.provider(PlayedTransport { _ in source.flow })
    let task = Task { try await provider.complete(Chat.request) }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(source.isReleased)
  }

  @Test func `blocking, on a thread of one's own`() throws {
    let (good, bad) = (good, bad)
    let done = Gate()
    let seen = Latest<(String, ProviderError.Kind?)>()
    PlainThread.start {
      let text = (try? good.complete(Chat.request))?.text ?? ""
      do {
        _ = try bad.complete(Chat.request, timeout: .seconds(10))
      } catch {
        seen.value = (text, (error as? ProviderError)?.kind)
      }
      done.open()
    }
    done.wait()
    #expect(seen.value?.0 == "Hello")
    #expect(seen.value?.1 == .modelNotFound)
  }

  @Test func `promised`() async throws {
    #expect(try await good.promise(Chat.request).map(\.text).value == "Hello")
    await #expect(throws: ProviderError.self) { try await bad.promise(Chat.request).value }
  }

  @Test func `a promise that is let go cancels the request`() throws {
    let source = TestFlow<HTTPPart>("response")
    var promise: Promise<ChatResponse>? = Chat.provider(PlayedTransport { _ in source.flow })
      .promise(Chat.request)
    #expect(source.isActive)
    #expect(promise?.current == nil)
    promise = nil
    try source.expectReleased()
  }

  @Test func `called back, for each event and once at the end`() throws {
    let events = Latest<[ChatEvent]>()
    let ends = Latest<[Result<ChatResponse, ProviderError>]>()
    events.value = []
    ends.value = []
    for provider in [good, bad] {
      let subscription = provider.complete(Chat.request) { event in
        events.value?.append(event)
      } onEnd: { result in
        ends.value?.append(result)
      }
      withExtendedLifetime(subscription) {}
    }
    #expect(ChatResponse(events.value ?? []).text == "Hello")
    #expect(ends.value?.count == 2)
    #expect(try ends.value?[0].get().text == "Hello")
    #expect { try ends.value?[1].get() } throws: { ($0 as? ProviderError)?.kind == .modelNotFound }
  }

  @Test func `an answer is one element, and needs demand for one`() throws {
    let source = TestFlow<HTTPPart>("response")
    let seen = Chat.provider(PlayedTransport { _ in source.flow }).stream(Chat.request).asResponse()
      .record(in: time, demand: 0)
    #expect(source.subscriptions == 0)
    seen.request(1)
    source.send(Chat.head, .body(Chat.body("Hel", "lo")))
    source.finish()
    #expect(seen.elements.map(\.text) == ["Hello"])
    try source.expectReleased()
  }

  @Test func `an answer told as events is the answer again`() throws {
    var response = ChatResponse(text: "Hello", model: "m", usage: Usage(inputTokens: 1, outputTokens: 2))
    response.id = "x"
    response.choices[0].blocks.insert(
      .init(number: 1, .reasoning("hm", signature: "s")), at: 0)
    response.choices[0].blocks.append(
      .init(number: 2, .toolCall(ToolCall(id: "1", name: "f", arguments: "{}"))))
    let events = Flow.just(response).asEvents().validated(.strict).record(in: time)
    #expect(ChatResponse(events.elements) == response)
    let again = Flow.from(events.elements).asResponse().record(in: time)
    #expect(again.elements == [response])
    let none = Flow<ChatResponse>.empty().asEvents().record(in: time)
    #expect(try none.expectFailure(ProviderError.self).kind == .truncated)
  }
}
