// Tools for the tests of encoders: requests that use everything, and how what comes of them is compared.
import Testing

@testable import FlowProviders

enum Requests {
  static let schema: JSONValue = ["type": "object", "properties": ["city": ["type": "string"]]]

  static let weather = ToolDefinition(
    name: "weather", description: "Tells the weather", parameters: schema, isStrict: true)
  static let time = ToolDefinition(name: "time")

  /// A prompt, and what the system says.
  static let plain = ChatRequest(model: "m", prompt: "Hi", system: "Be brief.")

  /// Words, an image of three bytes and one that lies elsewhere.
  static let images = ChatRequest(
    model: "m",
    messages: [
      .user(
        .text("Look"), .image(Media(bytes: [1, 2, 3], mimeType: "image/png")),
        .image(Media(url: "https://x.test/a.png", mimeType: "image/png")))
    ])

  /// Two calls, and what their tools answered.
  static let conversation = ChatRequest(
    model: "m",
    messages: [
      .user("Rome?"),
      .assistant(
        .reasoning("Hm", signature: "s"), .text("I look."),
        .toolCall(ToolCall(id: "c1", name: "weather", arguments: #"{"city":"Rome"}"#)),
        .toolCall(ToolCall(id: "c2", name: "time"))),
      .tool(
        ToolResult(id: "c1", name: "weather", content: #"{"sun":true}"#),
        ToolResult(id: "c2", name: "time", content: "no clock", outcome: .failure)),
      .user("So?"),
    ])

  static let tools = ChatRequest(model: "m", messages: [.user("Hi")]).with(\.tools, [weather, time])

  /// Every figure that a request has.
  static var sampling: ChatRequest {
    var request = ChatRequest(model: "m", messages: [.user("Hi")])
    request.temperature = 0.5
    request.topP = 0.9
    request.topK = 40
    request.minP = 0.1
    request.frequencyPenalty = 0.2
    request.presencePenalty = 0.3
    request.repetitionPenalty = 1.1
    request.seed = 7
    request.maxOutputTokens = 100
    request.stop = ["END"]
    request.choices = 2
    request.logprobs = 3
    request.user = "u"
    return request
  }

  static let short = ChatRequest(model: "m", messages: [.user("Hi")])

  static func thinking(effort: String? = nil, maxTokens: Int? = nil, isShown: Bool = true) -> ChatRequest {
    short.with(\.reasoning, ReasoningOptions(effort: effort, maxTokens: maxTokens, isShown: isShown))
  }

  static func choosing(_ choice: ToolChoice, parallel: Bool? = nil) -> ChatRequest {
    tools.with(\.toolChoice, choice).with(\.parallelToolCalls, parallel)
  }

  static func format(_ format: ResponseFormat) -> ChatRequest { short.with(\.responseFormat, format) }

  static var extra: ChatRequest { short.with(\.extra, ["odd": [1], "stream": false]) }
}

extension WireFormat {
  /// The body without the members that are named.
  func body(_ request: ChatRequest, without names: String...) -> JSONValue {
    guard case .object(var body) = self.request(for: request).body else { return nil }
    for name in names { body[name] = nil }
    return .object(body)
  }

  func member(_ name: String, _ request: ChatRequest) -> JSONValue? { self.request(for: request).body[name] }
}

extension WireRequest {
  /// Every header with what it says.
  var fields: [String: String] {
    Dictionary(headers.map { ($0.name, $0.value.revealed) }) { _, last in last }
  }
}

/// A JSON text as a value.
func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }

@Suite struct WireFormatTests {
  private static let key: Secret = "very-secret-key"

  static let formats: [any WireFormat] = [
    OpenAIChat(key: key), OpenAIChat(.azure(resource: "https://r.test", deployment: "d"), key: key),
    OpenAIResponses(key: key), Anthropic(key: key), Ollama(key: key), LMStudio(key: key),
    TGI(base: "http://tgi.test", key: key), Gemini(key: key), GeminiInteractions(key: key), Cohere(key: key),
  ]

  @Test func `a key is in one header, and in no description`() {
    for format in WireFormatTests.formats {
      let request = format.request(for: Requests.plain)
      #expect(request.headers.count { $0.value.revealed.contains("very-secret-key") } == 1)
      var dumped = ""
      dump(format, to: &dumped)
      dump(request, to: &dumped)
      for text in [
        "\(format)", String(reflecting: format), "\(request)", String(reflecting: request), dumped,
      ] {
        #expect(!text.contains("secret"), "\(format.name)")
      }
      #expect(!request.url.contains("secret") && !request.body.text.contains("secret"))
    }
  }

  @Test func `every request asks for a stream that is not compressed`() {
    for format in WireFormatTests.formats {
      let request = format.request(for: Requests.plain)
      #expect(request.method == "POST")
      #expect(request[header: "accept-encoding"]?.revealed == "identity")
      #expect(request[header: "content-type"]?.revealed == "application/json")
      let accepted = format.wire.framing == .events ? "text/event-stream" : "application/x-ndjson"
      #expect(request[header: "accept"]?.revealed == accepted)
    }
  }

  @Test func `what a request has extra goes in as it is, and replaces what would stand there`() {
    for format in WireFormatTests.formats {
      #expect(format.member("odd", Requests.extra) == [1])
      #expect(format.member("stream", Requests.extra) == false)
    }
  }

  @Test func `without a key there is no header for it`() {
    #expect(Ollama().request(for: Requests.plain)[header: "authorization"] == nil)
    #expect(Anthropic().request(for: Requests.plain)[header: "x-api-key"] == nil)
  }

  @Test func `own headers come last, and a base may end with a slash`() {
    let format = OpenAIChat(.init(base: "http://x.test/v1/"), key: "k", headers: [.init("X-Own", "1")])
    let request = format.request(for: Requests.plain)
    #expect(request.url == "http://x.test/v1/chat/completions")
    #expect(request.headers.last == .init("X-Own", "1"))
  }
}
