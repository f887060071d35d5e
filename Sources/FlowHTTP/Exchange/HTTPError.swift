// Why an exchange failed.

/// What went wrong between here and the server. An answer of the server, whatever its status, is no error.
///
/// No error holds a header or a query of the request.
public enum HTTPError: Error, Sendable, Hashable {
  /// The request makes no sense, and was not sent.
  case invalidRequest(String)
  /// There is no connection: the name is not known, the server or proxy refuses, the network is unreachable.
  case connect(String)
  /// The connection is not secure: the certificate is not to be trusted, or there is no common protocol.
  case tls(String)
  /// A limit on time was reached in this phase.
  case timeout(HTTPPhase, after: Duration)
  /// The connection was closed or reset before the response was whole.
  case closed(String)
  /// What the server sent is not HTTP.
  case protocolViolation(String)
  /// The body, or the headers, are longer than this limit, in bytes.
  case tooLarge(limit: Int)
  /// Something else, on this side.
  case transport(String)
}

extension HTTPError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .invalidRequest(let why): "the request was not sent: \(why)"
    case .connect(let why): "no connection: \(why)"
    case .tls(let why): "no secure connection: \(why)"
    case .timeout(.connect, let limit): "no connection within \(limit)"
    case .timeout(.firstByte, let limit): "no byte of a response within \(limit)"
    case .timeout(.betweenBytes, let limit): "no further byte within \(limit)"
    case .timeout(.total, let limit): "no end of the response within \(limit)"
    case .closed(let why): "closed before the response was whole: \(why)"
    case .protocolViolation(let why): "not HTTP: \(why)"
    case .tooLarge(let limit): "the response is longer than the \(limit) bytes that are allowed"
    case .transport(let why): "the transport failed: \(why)"
    }
  }
}
