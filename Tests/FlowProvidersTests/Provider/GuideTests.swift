// The examples of docs/guides/providers.md.
import FlowHTTP
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct GuideTests {
  let request = ChatRequest(model: "gpt-4o", prompt: "Why is the sky blue?").with(\.temperature, 0.2)

  private func provider() -> HTTPProvider {
    HTTPProvider(OpenAIChat(key: "k"), over: PlayedTransport(body: Chat.body("So", " it", " is")))
  }

  @Test func `every way to call`() async throws {
    let provider = provider()
    var printed = ""
    for try await event in provider.stream(request).values {
      printed += event.text ?? ""
    }
    #expect(printed == "So it is")

    let response = try await provider.complete(request)
    #expect(response.text == "So it is")

    let promise = provider.promise(request)
    let text = try await promise.map(\.text).value
    #expect(text == "So it is")

    let seen = Latest<ChatResponse>()
    let subscription = provider.complete(request) { event in
      _ = event.text
    } onEnd: { result in
      seen.value = try? result.get()
    }
    #expect(subscription.isEnded)
    #expect(seen.value?.text == "So it is")

    var answers: [Int] = []
    for try await answer in provider.batch([request, request], maxInFlight: 16).values {
      switch answer.result {
      case .success(let response): answers.append(response.text.count)
      case .failure(let error): Issue.record(error)
      }
    }
    #expect(answers == [8, 8])
  }

  @Test func `in a chain`() throws {
    let time = VirtualTime()
    let text = provider().stream(request)
      .retry(RetryPolicy(maxAttempts: 3))
      .compactMap(\.text)
      .scan("") { $0 + $1 }
      .throttle(for: .milliseconds(50), edges: .both)
    let seen = text.record(in: time)
    time.run()
    #expect(seen.elements.last == "So it is")
  }

  @Test func `with limits`() {
    let limits = ProviderLimits(
      firstToken: .seconds(60), betweenTokens: .seconds(20), total: .seconds(300))
    let patient = HTTPProvider(OpenAIChat(key: "k"), limits: limits)
    #expect(patient.limits.connect == .seconds(30))
  }

  @Test func `a model that blocks`() async throws {
    let local = BlockingProvider(name: "counter", threads: 1, queue: 8) { request, answer in
      for number in 1...3 {
        if answer.isCancelled { return }
        try answer.write("\(number) ")
      }
      answer.report(Usage(inputTokens: 1, outputTokens: 3))
    }
    let response = try await local.complete(request)
    #expect(response.text == "1 2 3 ")
    #expect(response.usage?.totalTokens == 4)
  }

  @Test func `a format of one's own`() async throws {
    let sent = Latest<HTTPRequest>()
    let transport = PlayedTransport { request in
      sent.value = request
      return .from([Chat.head, .body(Chat.body("hello"))])
    }
    let gateway = HTTPProvider(Gateway(base: "http://gate/v1", token: "secret-token"), over: transport)
    #expect(try await gateway.complete(request).text == "hello")
    #expect(sent.value?.url == "http://gate/v1/chat/completions")
    #expect(sent.value?.headers["X-Gateway-Token"] == "secret-token")
    #expect(gateway.name == "gateway")
  }
}

private struct Gateway: WireFormat {
  var base: String
  var token: Secret

  var name: String { "gateway" }
  var wire: WireProtocol { .openAIChat }

  func request(for request: ChatRequest) -> WireRequest {
    // The language of OpenAI, with a header that only this gateway wants.
    var wire = OpenAIChat(OpenAIDialect(base: base)).request(for: request)
    wire.headers.append(WireRequest.Header("X-Gateway-Token", token))
    return wire
  }
}
