// From what a wire format wants sent to what a transport sends.
import FlowHTTP

extension HTTPRequest {
  init(_ request: WireRequest, limits: HTTPLimits) {
    self.init(
      request.method, request.url,
      headers: HTTPHeaders(request.headers.map { HTTPHeaders.Field($0.name, $0.value.revealed) }),
      body: request.body.isNull ? Bytes() : Bytes(request.body.text), limits: limits)
  }
}

extension HTTPHead {
  /// The fields as error and limit readers want them.
  var fields: [(name: String, value: String)] { headers.map { ($0.name, $0.value) } }

  /// The body is a page for people.
  var isPage: Bool {
    headers["Content-Type"].map { $0.lowercased().hasPrefix("text/html") } ?? false
  }

  /// How the body is compressed, when it is.
  var encoding: String? {
    guard let encoding = headers["Content-Encoding"], encoding.lowercased() != "identity", !encoding.isEmpty
    else { return nil }
    return encoding
  }
}
