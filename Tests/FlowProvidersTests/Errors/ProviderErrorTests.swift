// Errors in every shape in which providers put them.
import Testing

@testable import FlowProviders

@Suite struct ProviderErrorTests {
  private func error(
    _ status: Int, _ body: String, _ headers: [(name: String, value: String)] = [], now: Double? = nil
  ) -> ProviderError {
    ProviderError(status: status, headers: headers, body: Array(body.utf8), now: now)
  }

  @Test(arguments: [
    #"{"error":{"message":"no","type":"invalid_request_error","param":null,"code":"bad"}}"#,
    #"{"type":"error","error":{"type":"bad","message":"no"},"request_id":"r"}"#,
    #"{"error":{"code":400,"message":"no","status":"bad","details":[]}}"#, #"{"error":"no","code":"bad"}"#,
    #"{"error":"no","error_type":"bad"}"#, #"{"code":"bad","error":"no"}"#,
    #"{"error":"bad","error_description":"no"}"#,
    #"{"detail":{"message":"no","code":"bad"}}"#,
    #"{"object":"error","message":"no","type":"bad","param":null,"code":null}"#,
    #"{"code":"bad","type":"other","message":"no"}"#,
    #"[{"error":{"code":400,"message":"no","status":"bad"}}]"#,
    #"{"errors":[{"message":"no","code":"bad"}]}"#, #"{"__type":"bad","Message":"no"}"#,
    " \r\n\n" + #"{"error":{"message":"no","code":"bad"}}"#,
  ])
  func `finds message and code in every shape`(body: String) {
    let error = error(400, body)
    #expect(error.message == "no")
    #expect(error.code == "bad")
    #expect(error.status == 400)
    #expect(error.bodySnippet?.contains("no") == true)
  }

  @Test(arguments: [
    #"{"detail":"no"}"#, #"{"message":"no"}"#, #"{"id":"x","message":"no"}"#,
    #"{"detail":[{"loc":["body"],"msg":"no"}]}"#,
    "no",
  ])
  func `finds a message alone`(body: String) { #expect(error(400, body).message == "no") }

  @Test func `takes what is not structured as it is`() {
    let page = error(502, "<html>\n<h1>Bad Gateway</h1>", [("Server", "nginx")])
    #expect(page.kind == .badGateway)
    #expect(page.isRetryable)
    #expect(page.message.contains("nginx"))
    #expect(error(404, "<html>").kind == .notFound)
    #expect(!error(404, "<html>").isRetryable)
    #expect(error(503, "").kind == .overloaded)
    #expect(error(503, "").message == "an empty answer")
    #expect(error(500, "boom").kind == .serverError)
    #expect(error(500, "{broken").message == "{broken")
  }

  @Test func `keeps the first two KiB of a body`() {
    #expect(error(500, String(repeating: "x", count: 9000)).bodySnippet?.utf8.count == 2048)
  }

  @Test(arguments: [
    (401, #"{"error":{"message":"x"}}"#, ProviderError.Kind.authentication, false),
    (
      400,
      #"{"error":{"message":"API key not valid","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}"#,
      .authentication, false
    ),
    (403, #"{"error":{"message":"x","code":"unsupported_country_region_territory"}}"#, .permission, false),
    (
      404, #"{"error":{"message":"The model `x` does not exist","code":"model_not_found"}}"#, .modelNotFound,
      false
    ),
    (404, #"{"error":{"message":"model \"x\" not found, try pulling it first"}}"#, .modelNotFound, false),
    (400, #"{"error":{"message":"Invalid model: x"}}"#, .modelNotFound, false),
    (404, #"{"error":{"message":"no such route"}}"#, .notFound, false),
    (429, #"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#, .rateLimited, true),
    (
      429,
      #"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
      .quota, false
    ),
    (
      429, #"{"type":"error","error":{"type":"rate_limit_error","message":"enforced_spend_limit_reached"}}"#,
      .quota, false
    ),
    (402, #"{"error":{"message":"Insufficient Balance"}}"#, .quota, false),
    (529, #"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#, .overloaded, true),
    (503, #"{"error":"Model x is currently loading","estimated_time":20.0}"#, .overloaded, true),
    (
      400,
      #"{"error":{"message":"This model's maximum context length is 8192 tokens","code":"context_length_exceeded"}}"#,
      .contextTooLong, false
    ),
    (
      400,
      #"{"error":{"code":400,"message":"request exceeds the available context size","type":"exceed_context_size_error","n_ctx":512}}"#,
      .contextTooLong, false
    ),
    (400, #"{"error":{"message":"x","code":"content_filter"}}"#, .contentFiltered, false),
    (413, #"{"type":"error","error":{"type":"request_too_large","message":"x"}}"#, .requestTooLarge, false),
    (422, #"{"error":"Input validation error","error_type":"validation"}"#, .invalidRequest, false),
    (501, #"{"error":{"message":"not supported","type":"not_supported_error"}}"#, .invalidRequest, false),
    (408, "", .timeout(.provider), true), (504, "", .timeout(.provider), true),
    (500, "{}", .serverError, true),
    (409, #"{"error":{"message":"x"}}"#, .invalidRequest, true),
  ])
  func `tells the kind, and whether to try again`(
    status: Int, body: String, kind: ProviderError.Kind, isRetryable: Bool
  ) {
    let error = error(status, body)
    #expect(error.kind == kind)
    #expect(error.isRetryable == isRetryable)
  }

  @Test func `the provider's word on retrying counts more`() {
    #expect(error(429, "", [("X-Should-Retry", "false")]).isRetryable == false)
    #expect(error(400, "", [("x-should-retry", "true")]).isRetryable)
  }

  @Test func `finds the request's name`() {
    for name in ["x-request-id", "Request-Id", "CF-Ray"] {
      #expect(error(500, "", [(name, "abc")]).requestID == "abc")
    }
    #expect(error(400, #"{"type":"error","error":{"message":"x"},"request_id":"abc"}"#).requestID == "abc")
  }

  @Test func `masks what looks like a key`() {
    let error = error(
      401,
      #"{"error":{"message":"Incorrect API key provided: sk-proj-abcdefghij1234567890. Bearer abcdefghijklmnop"}}"#
    )
    #expect(error.message == "Incorrect API key provided: sk-… Bearer …")
    #expect(error.bodySnippet?.contains("abcdefghij") == false)
    #expect(ErrorText.masked("task-force and desk-lamp sk-") == "task-force and desk-lamp sk-")
    #expect(ErrorText.masked("gsk_aaaaaaaaaaaa") == "gsk_…")
  }

  @Test func `describes itself in one line`() {
    let error = error(
      429, #"{"error":{"message":"slow down","code":"rate_limit_exceeded"}}"#,
      [("retry-after", "2"), ("x-request-id", "r")])
    #expect(
      error.description
        == "rateLimited: slow down (HTTP 429, rate_limit_exceeded, request r, retry after 2.0 seconds)")
  }
}
