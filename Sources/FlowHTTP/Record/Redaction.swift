// What must never be written down.

/// Which parts of an exchange are secret.
///
/// The value of a secret field or parameter is left out. Where the same text of at least eight bytes turns up again,
/// in an address, another field, a body of either side, in one piece or cut in two, it is overwritten.
public struct Redaction: Sendable, Hashable {
  /// Header fields whose values are secret, in lower case.
  public var headers: Set<String> = [
    "authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie",
    "x-auth-token", "x-amz-security-token", "openai-organization", "openai-project",
  ]
  /// Query parameters whose values are secret, in lower case.
  public var parameters: Set<String> = [
    "key", "api_key", "apikey", "api-key", "token", "access_token", "sig", "signature",
  ]

  public init() {}

  /// Stands for what was left out.
  static let mark = "[redacted]"
  /// Shorter texts turn up by chance.
  private static let shortestSecret = 8

  /// The exchange without its secrets.
  public func callAsFunction(_ exchange: HTTPRecording.Exchange) -> HTTPRecording.Exchange {
    var secrets: [Bytes] = []
    var exchange = exchange
    exchange.request.url = leaveOut(exchange.request.url, &secrets)
    exchange.request.headers = leaveOut(exchange.request.headers, &secrets)
    exchange.events = exchange.events.map { event in
      guard case .head(var head) = event.what else { return event }
      head.headers = leaveOut(head.headers, &secrets)
      return HTTPRecording.Event(after: event.offset, .head(head))
    }
    for secret in Set(secrets) where secret.count >= Self.shortestSecret { exchange.overwrite(secret) }
    return exchange
  }

  /// What is secret in a request, as far as it is long enough to be told from chance.
  func secrets(of request: HTTPRequest) -> [Bytes] {
    var secrets: [Bytes] = []
    _ = leaveOut(request.url, &secrets)
    _ = leaveOut(request.headers, &secrets)
    return Set(secrets).filter { $0.count >= Self.shortestSecret }.sorted { $0.count > $1.count }
  }

  private func leaveOut(_ headers: HTTPHeaders, _ secrets: inout [Bytes]) -> HTTPHeaders {
    HTTPHeaders(
      headers.map { field in
        guard self.headers.contains(field.name.lowercasedASCII) else { return field }
        // The word before a secret, such as Bearer, is none.
        secrets.append(Bytes(field.value))
        secrets += field.value.split { " ;=,".contains($0) }.map { Bytes(String($0)) }
        return HTTPHeaders.Field(field.name, Self.mark)
      })
  }

  private func leaveOut(_ url: String, _ secrets: inout [Bytes]) -> String {
    let bare = Self.bareAddress(url)
    if let scheme = url.firstRange(of: "://") {
      let host = url[scheme.upperBound...].prefix { !"/?#".contains($0) }
      if let at = host.lastIndex(of: "@") {
        secrets += host[..<at].split(separator: ":").map { Bytes(String($0)) }
      }
    }
    guard let mark = url.firstIndex(of: "?") else { return bare }
    let query = url[url.index(after: mark)...].prefix { $0 != "#" }
    let parameters = query.split(separator: "&", omittingEmptySubsequences: false).map { parameter in
      guard let equals = parameter.firstIndex(of: "=") else { return String(parameter) }
      let name = parameter[..<equals]
      guard self.parameters.contains(name.lowercasedASCII) else { return String(parameter) }
      secrets.append(Bytes(String(parameter[equals...].dropFirst())))
      return "\(name)=\(Self.mark)"
    }
    return bare + "?" + parameters.joined(separator: "&")
  }

  /// The address without user, query and fragment.
  static func bareAddress(_ url: String) -> String {
    let address = url.prefix { $0 != "?" && $0 != "#" }
    guard let scheme = address.firstRange(of: "://") else { return String(address) }
    let rest = address[scheme.upperBound...]
    let host = rest.prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return String(address) }
    return String(address[..<scheme.upperBound] + rest[rest.index(after: at)...])
  }
}

extension HTTPRecording.Exchange {
  /// Overwrites `secret` wherever it stands, without moving anything.
  fileprivate mutating func overwrite(_ secret: Bytes) {
    request.url = request.url.overwriting(secret)
    request.headers = request.headers.overwriting(secret)
    request.body = request.body.overwriting(secret)
    // A secret may be cut in two by the border of two pieces.
    let pieces = events.compactMap { event -> Bytes? in
      if case .body(let bytes) = event.what { bytes } else { nil }
    }
    let body = Bytes(pieces.joined()).overwriting(secret)
    var place = 0
    for index in events.indices {
      switch events[index].what {
      case .head(var head):
        head.headers = head.headers.overwriting(secret)
        events[index].what = .head(head)
      case .body(let bytes):
        events[index].what = .body(body[body.startIndex + place..<body.startIndex + place + bytes.count])
        place += bytes.count
      case .end: break
      }
    }
  }
}

extension HTTPHeaders {
  fileprivate func overwriting(_ secret: Bytes) -> HTTPHeaders {
    HTTPHeaders(map { Field($0.name, $0.value.overwriting(secret)) })
  }
}

extension String {
  fileprivate func overwriting(_ secret: Bytes) -> String { String(Bytes(self).overwriting(secret)) }
}

extension Bytes {
  func overwriting(_ secret: Bytes) -> Bytes {
    let places = ranges(of: secret)
    if places.isEmpty { return self }
    var bytes = Array(self)
    for place in places {
      for index in place { bytes[index - startIndex] = UInt8(ascii: "*") }
    }
    return Bytes(bytes)
  }
}
