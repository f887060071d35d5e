// Why there is no answer, or only part of one.
import Flows

/// A failure, in one shape for every provider.
public struct ProviderError: Error, Sendable, Hashable {
  public var kind: Kind
  public var message: String
  /// The HTTP status, when the failure came with one.
  public var status: Int?
  /// The provider's own code, or its type where it has no code.
  public var code: String?
  /// The provider's name of the request, for its support.
  public var requestID: String?
  /// How long the provider wants to be left alone.
  public var retryAfter: Duration?
  /// The beginning of the body, at most 2 KiB, with what looks like a key masked.
  public var bodySnippet: String?
  /// Whether the same request may succeed later.
  public var isRetryable: Bool
  /// What had been delivered before.
  public var emitted = Emitted()
  /// What was tried, in order, where somebody tried more than once or elsewhere.
  public var attempts: [Attempt] = []

  public enum Kind: Sendable, Hashable {
    case authentication
    case permission
    case modelNotFound
    case notFound
    case rateLimited
    /// Paid for no more: waiting does not help.
    case quota
    case overloaded
    case contextTooLong
    case contentFiltered
    case requestTooLarge
    case invalidRequest
    case serverError
    /// Something between here and the provider answered in its stead.
    case badGateway
    /// The connection failed.
    case transport
    /// The stream ended before the answer did.
    case truncated
    /// What came is not the protocol that was expected.
    case protocolViolation
    /// Nothing came for too long, in this phase.
    case timeout(Phase)
    /// The body is compressed in a way that was not asked for.
    case unsupportedEncoding
    case cancelled
    case other
  }

  /// What was waited for.
  public enum Phase: String, Sendable, Hashable {
    case connect, firstByte, firstToken, betweenTokens, betweenBytes, total
    /// The provider itself gave up.
    case provider
  }

  /// What had been delivered before a failure: whoever retries must know, or the words come twice.
  public struct Emitted: Sendable, Hashable {
    public var events = 0
    /// In bytes of UTF-8.
    public var text = 0
    public var reasoning = 0
    public var toolCalls = 0
    /// What is known to have been used.
    public var usage: Usage?

    public init() {}

    /// Counts an event.
    mutating func note(_ event: ChatEvent) {
      events &+= 1
      switch event {
      case .textDelta(let piece, _): text &+= piece.utf8.count
      case .reasoningDelta(let piece, _): reasoning &+= piece.utf8.count
      case .toolCallStarted: toolCalls &+= 1
      case .usage(let usage): self.usage = usage
      default: break
      }
    }

    /// Nothing that a reader would see twice.
    public var isNothing: Bool { text == 0 && reasoning == 0 && toolCalls == 0 }
  }

  /// One of several attempts to get an answer.
  public struct Attempt: Sendable, Hashable {
    /// Who was asked, of several.
    public var provider: String
    public var start: FlowInstant
    /// When it had failed.
    public var end: FlowInstant
    /// What it failed with.
    public var failure: ProviderError
    /// What was waited then; `nil` when no other attempt followed.
    public var wait: Duration?
  }

  /// A failure of this kind; whether it is retryable is decided by the kind when it is left out.
  public init(
    _ kind: Kind, _ message: String, status: Int? = nil, code: String? = nil, requestID: String? = nil,
    retryAfter: Duration? = nil, bodySnippet: String? = nil, isRetryable: Bool? = nil
  ) {
    self.kind = kind
    self.message = message
    self.status = status
    self.code = code
    self.requestID = requestID
    self.retryAfter = retryAfter
    self.bodySnippet = bodySnippet
    self.isRetryable = isRetryable ?? kind.isRetryable
  }
}

extension ProviderError.Kind {
  /// The kind's name in the JSON form.
  public var name: String {
    switch self {
    case .timeout: "timeout"
    default: "\(self)"
    }
  }

  var isRetryable: Bool {
    switch self {
    case .rateLimited, .overloaded, .serverError, .badGateway, .transport, .truncated, .timeout: true
    default: false
    }
  }

  /// What an HTTP status says when nothing else does.
  init(status: Int) {
    switch status {
    case 401, 407: self = .authentication
    case 402: self = .quota
    case 403, 451: self = .permission
    case 404, 410: self = .notFound
    case 408: self = .timeout(.provider)
    case 413: self = .requestTooLarge
    case 429: self = .rateLimited
    case 499: self = .cancelled
    // What is not implemented will not be when it is tried again.
    case 501: self = .invalidRequest
    case 503, 529: self = .overloaded
    case 504: self = .timeout(.provider)
    case 500...599: self = .serverError
    case 400...499: self = .invalidRequest
    default: self = .other
    }
  }
}

extension ProviderError: CustomStringConvertible {
  public var description: String {
    var text = "\(kind.name): \(message)"
    var facts: [String] = []
    if let status { facts.append("HTTP \(status)") }
    if let code { facts.append(code) }
    if let requestID { facts.append("request \(requestID)") }
    if let retryAfter { facts.append("retry after \(retryAfter)") }
    if !facts.isEmpty { text += " (\(facts.joined(separator: ", ")))" }
    return text
  }
}
