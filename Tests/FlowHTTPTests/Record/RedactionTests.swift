// No secret is written down.
import FlowHTTP
import HTTPTestKit
import Testing

@Suite struct RedactionTests {
  static let key = "sk-live-0123456789abcdef"

  @Test(arguments: Cuts.all)
  func `no secret is left anywhere, however the body was cut`(_ cuts: Cuts) {
    let key = Self.key
    let request = HTTPRequest(
      "POST", "https://me:pass-word-1@example.com/v1?model=m&key=query-secret&alt=sse#frag",
      headers: [
        "authorization": "Bearer \(key)", "X-API-Key": "other-secret-key",
        "Cookie": "session=cookie-secret; b=2",
        "X-Debug": "key \(key)", "Accept": "*/*",
      ],
      body: Bytes("{\"text\":\"my key is \(key)\"}"))
    let head = HTTPHead(
      status: 401, headers: ["Set-Cookie": "id=fresh-cookie-7; Path=/", "X-Request-Id": "r-1"])
    let body = Bytes("{\"error\":\"bad key \(key), other-secret-key, query-secret, fresh-cookie-7\"}")
    let exchange = HTTPRecording.Exchange(request, head: head, pieces: cuts(body))
    let clean = Redaction()(exchange)
    let text = String(clean.text)
    let joined = String(
      Bytes(
        clean.events.compactMap { event -> Bytes? in
          if case .body(let bytes) = event.what { bytes } else { nil }
        }.joined()))
    for secret in [
      key, "other-secret-key", "query-secret", "cookie-secret", "fresh-cookie-7", "pass-word-1", "0123456789",
    ] {
      #expect(!text.contains(secret), "\(secret)")
      #expect(!joined.contains(secret), "\(secret)")
    }
    #expect(clean.request.url == "https://example.com/v1?model=m&key=[redacted]&alt=sse")
    #expect(clean.request.headers["Authorization"] == "[redacted]")
    #expect(clean.request.headers["Accept"] == "*/*")
    #expect(clean.request.body.count == request.body.count)
    #expect(joined.utf8.count == body.count)
    #expect(clean.events.count == exchange.events.count)
  }

  @Test func `what is no secret stays`() {
    let exchange = HTTPRecording.Exchange(
      HTTPRequest("POST", "http://a/b", headers: ["Content-Type": "text/plain"], body: "tokens and keys"),
      head: HTTPHead(status: 200, headers: ["anthropic-ratelimit-tokens-remaining": "5"]), pieces: ["ok"])
    #expect(Redaction()(exchange) == exchange)
  }
}
