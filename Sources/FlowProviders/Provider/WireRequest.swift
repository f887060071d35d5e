// A request, as it goes over the wire.

/// What to send to a provider: a value, before any transport sees it.
public struct WireRequest: Sendable, Hashable {
  public var method: String
  /// The whole URL.
  public var url: String
  public var headers: [Header]
  public var body: JSONValue

  public struct Header: Sendable, Hashable {
    public var name: String
    public var value: Secret

    public init(_ name: String, _ value: Secret) {
      self.name = name
      self.value = value
    }

    public init(_ name: String, _ value: String) { self.init(name, Secret(value)) }
  }

  public init(method: String = "POST", url: String, headers: [Header] = [], body: JSONValue) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// The value of a header; names are found in any case.
  public subscript(header name: String) -> Secret? {
    headers.last { $0.name.lowercased() == name.lowercased() }?.value
  }
}

extension WireRequest {
  /// A request for a stream of JSON, with what all of them share.
  ///
  /// `identity` because a compressed stream comes in lumps, if the server flushes it at all.
  init(
    base: String, path: String, accept: String = "text/event-stream", authorization: Header? = nil,
    headers: [Header], body: JSONObject, extra: JSONObject
  ) {
    var body = body
    for (name, value) in extra { body[name] = value }
    let slash = base.hasSuffix("/") ? String(base.dropLast()) : base
    let standard = [
      Header("Content-Type", "application/json"), Header("Accept", accept),
      Header("Accept-Encoding", "identity"),
    ]
    self.init(
      url: slash + path, headers: standard + (authorization.map { [$0] } ?? []) + headers, body: .object(body)
    )
  }

  static func bearer(_ key: Secret?) -> Header? {
    key.map { Header("Authorization", Secret("Bearer \($0.revealed)")) }
  }
}

/// A provider's language: an options struct with two pure functions, request out and events in.
///
/// What follows from these two (transport, retries, tool loops, caches) exists once, outside.
public protocol WireFormat: Sendable {
  /// The provider's name, for people and for registries.
  var name: String { get }
  /// What to send for an answer, streamed.
  func request(for request: ChatRequest) -> WireRequest
  /// The protocol of the answer.
  var wire: WireProtocol { get }
}

extension WireFormat {
  /// Decodes one answer.
  public func decoder(tolerance: FrameTolerance = .lenient(upTo: 8)) -> ChatDecoder {
    ChatDecoder(wire, tolerance: tolerance)
  }
}
