// A transport whose every part a test decides.
import FlowHTTP
import FlowProviders
import Flows

/// Answers every request with what a function makes of it, and counts.
final class PlayedTransport: HTTPTransport {
  private let answer: @Sendable (HTTPRequest) -> Flow<HTTPPart>

  init(_ answer: @escaping @Sendable (HTTPRequest) -> Flow<HTTPPart>) { self.answer = answer }

  /// Answers with this status, these headers and this body, at once.
  convenience init(_ status: Int = 200, headers: HTTPHeaders = [:], body: Bytes...) {
    let parts = [HTTPPart.head(HTTPHead(status: status, headers: headers))] + body.map { .body($0) }
    self.init { _ in .from(parts) }
  }

  func exchange(_ request: HTTPRequest) -> Flow<HTTPPart> { answer(request) }
}

/// OpenAI chat as a provider sends it.
enum Chat {
  static let head = HTTPPart.head(HTTPHead(status: 200, headers: ["Content-Type": "text/event-stream"]))
  static let done: Bytes = "data: [DONE]\n\n"
  static let request = ChatRequest(model: "m", prompt: "hello")

  static func token(_ text: String) -> Bytes {
    Bytes(
      "data: {\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}]}\n\n"
    )
  }

  static func finish(_ reason: String = "stop") -> Bytes {
    Bytes("data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"\(reason)\"}]}\n\n")
  }

  /// The events of a whole answer.
  static func body(_ tokens: String...) -> Bytes {
    Bytes((tokens.map { token($0) } + [finish(), done]).joined())
  }

  static func provider(
    _ transport: any HTTPTransport, base: String = "http://127.0.0.1:1/v1", key: Secret? = nil,
    limits: ProviderLimits = ProviderLimits()
  ) -> HTTPProvider {
    HTTPProvider(
      OpenAIChat(OpenAIDialect(name: "test", base: base), key: key), over: transport, limits: limits)
  }
}

/// Something that should have come did not.
struct Missing: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

func + (a: Bytes, b: Bytes) -> Bytes { Bytes(Array(a) + Array(b)) }

/// The last value that somebody put in.
// Guarded by the lock.
final class Latest<Value: Sendable>: @unchecked Sendable {
  fileprivate let lock = Lock()
  fileprivate var latest: Value?
  var value: Value? {
    get { lock(self) { latest } }
    set { lock(self) { latest = newValue } }
  }
}

extension Latest {
  /// Changes the value under the lock, when there is one.
  func change(_ body: (inout Value) -> Void) { lock(self) { if latest != nil { body(&latest!) } } }
}
