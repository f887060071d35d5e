// The examples of docs/guides/providers.md.
import FlowHTTP
import FlowProviders
import FlowTesting
import Flows
import Testing

@Suite struct GuideTests {
  let key: Secret = "k"
  let request = ChatRequest(model: "gpt-4o", prompt: "Why is the sky blue?").with(\.temperature, 0.2)

  private func answering() -> HTTPProvider {
    HTTPProvider(OpenAIChat(key: key), over: PlayedTransport(body: Chat.body("So", " it", " is")))
  }

  @Test func `a provider and a request`() {
    let provider = HTTPProvider(OpenAIChat(key: key))
    let request = ChatRequest(model: "gpt-4o", prompt: "Why is the sky blue?").with(\.temperature, 0.2)
    #expect(provider.name == "openai")
    #expect(request.temperature == 0.2)
  }

  @Test func `as events`() async throws {
    let (provider, output) = (answering(), Output())
    func print(_ text: String, terminator: String) { output.add(text + terminator) }
    for try await event in provider.stream(request).values {
      print(event.text ?? "", terminator: "")
    }
    #expect(output.text == "So it is")
  }

  @Test func `as a whole`() async throws {
    let (provider, output) = (answering(), Output())
    func print(_ text: String, _ count: Int) { output.add("\(text) \(count)") }
    let response = try await provider.complete(request)
    print(response.text, response.usage?.totalTokens ?? 0)
    #expect(output.text == "So it is 0")
  }

  @Test func `as a promise`() async throws {
    let provider = answering()
    let promise = provider.promise(request)
    let text = try await promise.map(\.text).value
    #expect(text == "So it is")
  }

  @Test func `with callbacks`() throws {
    let (provider, output) = (answering(), Output())
    @Sendable func show(_ event: ChatEvent) { output.add(event.text ?? "") }
    @Sendable func show(_ result: Result<ChatResponse, ProviderError>) {
      output.add(" = \((try? result.get())?.text ?? "")")
    }
    let subscription = provider.complete(request) { event in
      show(event)
    } onEnd: { result in
      show(result)
    }
    #expect(subscription.isEnded)
    #expect(output.text == "So it is = So it is")
  }

  @Test func `many at a time`() async throws {
    let (provider, output, requests) = (answering(), Output(), [request, request])
    func print(_ index: Int, _ what: some CustomStringConvertible) { output.add("\(index) \(what);") }
    for try await answer in provider.batch(requests, maxInFlight: 16).values {
      switch answer.result {
      case .success(let response): print(answer.index, response.text)
      case .failure(let error): print(answer.index, error)
      }
    }
    #expect(output.text == "0 So it is;1 So it is;")
  }

  @Test func `in a chain`() throws {
    let (provider, time) = (answering(), VirtualTime())
    let text = provider.stream(request)
      .retry(RetryPolicy(maxAttempts: 3))
      .compactMap(\.text)
      .scan("") { $0 + $1 }
      .throttle(for: .milliseconds(50), edges: .both)
    let seen = text.record(in: time)
    time.run()
    #expect(seen.elements.last == "So it is")
  }

  @Test func `with limits`() {
    let limits = ProviderLimits(firstToken: .seconds(60), betweenTokens: .seconds(20), total: .seconds(300))
    let patient = HTTPProvider(OpenAIChat(key: key), limits: limits)
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

struct Gateway: WireFormat {
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

/// What the examples print.
private final class Output: Sendable {
  private let written = Latest<String>()

  var text: String { written.value ?? "" }
  func add(_ text: String) { written.value = self.text + text }
}
