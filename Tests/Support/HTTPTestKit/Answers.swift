// What a server usually says, and how it fails.
import FlowHTTP

/// How a body says where it ends.
public enum Framing: Sendable, CaseIterable {
  case length, chunked, untilClose
}

/// What goes wrong with an answer.
public enum Fault: Sendable {
  case none
  /// The connection is closed after so many bytes of the body.
  case cut(at: Int)
  /// The connection is reset after so many bytes of the body. The other side may lose the last of them.
  case reset(at: Int)
  /// Nothing more comes after so many bytes of the body; the connection stays open.
  case stall(at: Int)
  /// Every byte comes by itself.
  case drip
  /// The body comes in two pieces, cut here: in the middle of a letter, for instance.
  case split(at: Int)
  /// A proxy answers with a page, and this status.
  case page(status: Int)
  /// 429, and when to come again, as `Retry-After` says it.
  case tooManyRequests(retryAfter: String)
  /// This text instead of the answer, with status 200.
  case errorBody(Bytes)
}

extension FaultServer {
  /// A server that answers every request with `body`, and does it wrong in one way.
  public convenience init(
    _ body: Bytes, type: String = "text/event-stream", framing: Framing = .chunked, fault: Fault = .none
  ) throws {
    try self.init { connection in
      while true {
        try connection.readRequest()
        try connection.answer(body, type: type, framing: framing, fault: fault)
      }
    }
  }
}

extension Connection {
  /// Sends the head of a response.
  public func begin(_ status: Int = 200, _ headers: HTTPHeaders = [:]) throws {
    let fields = headers.map { "\($0.name): \($0.value)\r\n" }.joined()
    try send(Bytes("HTTP/1.1 \(status) Whatever\r\n\(fields)\r\n"))
  }

  /// Sends a piece of a body that is chunked; an empty one ends it.
  public func sendChunk(_ bytes: Bytes) throws {
    try send(Bytes(Array("\(String(bytes.count, radix: 16))\r\n".utf8) + Array(bytes) + [0x0D, 0x0A]))
  }

  /// Sends a whole response.
  public func respond(_ status: Int = 200, _ headers: HTTPHeaders = [:], body: Bytes = Bytes()) throws {
    var headers = headers
    headers["Content-Length"] = String(body.count)
    try begin(status, headers)
    try send(body)
  }

  /// Answers a request, and does it wrong in one way.
  public func answer(_ body: Bytes, type: String, framing: Framing = .chunked, fault: Fault) throws {
    switch fault {
    case .page(let status):
      return try respond(
        status, ["Content-Type": "text/html", "Server": "proxy"],
        body: Bytes("<html><head><title>\(status) Bad Gateway</title></head><body>try again</body></html>"))
    case .tooManyRequests(let pause):
      return try respond(
        429, ["Content-Type": "application/json", "Retry-After": pause],
        body: #"{"error":{"message":"too many requests","type":"rate_limit_error"}}"#)
    case .errorBody(let text): return try respond(200, ["Content-Type": "application/json"], body: text)
    case .none, .cut, .reset, .stall, .drip, .split: break
    }
    var headers: HTTPHeaders = ["Content-Type": type]
    switch framing {
    case .length: headers["Content-Length"] = String(body.count)
    case .chunked: headers["Transfer-Encoding"] = "chunked"
    case .untilClose: headers["Connection"] = "close"
    }
    try begin(200, headers)
    let piece = { (bytes: Bytes) in
      if bytes.isEmpty { return }
      if framing == .chunked { try self.sendChunk(bytes) } else { try self.send(bytes) }
    }
    switch fault {
    case .drip: for index in body.indices { try piece(body[index..<index + 1]) }
    case .split(let place):
      try piece(body.prefix(place))
      try piece(body.dropFirst(place))
    case .cut(let place), .reset(let place), .stall(let place): try piece(body.prefix(place))
    default: try piece(body)
    }
    switch fault {
    case .cut: throw Leaves()
    case .reset:
      reset()
      throw Leaves()
    case .stall: try awaitClose()
    default: break
    }
    if framing == .chunked { try sendChunk(Bytes()) }
    if framing == .untilClose { throw Leaves() }
  }
}

/// Thrown to let go of a connection.
public struct Leaves: Error {
  public init() {}
}
