// How long to wait, in all its spellings.
import Testing

@testable import FlowProviders

@Suite struct RetryAfterTests {
  /// Wed, 21 Oct 2015 07:28:00 GMT
  private let now = 1_445_412_480.0

  private func delay(_ headers: (name: String, value: String)..., body: String = "") -> Duration? {
    ProviderError(status: 429, headers: headers, body: Array(body.utf8), now: now).retryAfter
  }

  @Test func `reads seconds, fractions, zero and less`() {
    #expect(delay(("Retry-After", "7")) == .seconds(7))
    #expect(delay(("retry-after", " 1.5")) == .milliseconds(1500))
    #expect(delay(("retry-after", "0")) == .zero)
    #expect(delay(("retry-after", "-3")) == .zero)
    #expect(delay(("retry-after", "nan")) == nil)
    #expect(delay(("retry-after", "soon")) == nil)
  }

  @Test func `milliseconds come first`() {
    #expect(delay(("retry-after", "9"), ("retry-after-ms", "1500")) == .milliseconds(1500))
  }

  @Test(arguments: [
    ("4ms", Duration.milliseconds(4)), ("0s", .zero), ("6m0s", .seconds(360)),
    ("1m12.5s", .milliseconds(72500)),
    ("34s", .seconds(34)), ("2h", .seconds(7200)), ("3 days", .seconds(259_200)), ("2d", .seconds(172_800)),
    ("-5s", .zero), ("1us", .milliseconds(1)),
  ])
  func `reads durations with units, rounded up`(text: String, duration: Duration) {
    #expect(delay(("retry-after", text)) == duration)
  }

  @Test(arguments: [
    "Wed, 21 Oct 2015 07:28:30 GMT", "Wednesday, 21-Oct-15 07:28:30 GMT", "Wed Oct 21 07:28:30 2015",
    "2015-10-21T07:28:30Z", "2015-10-21T09:28:30+02:00", "2015-10-21T07:28:30.000Z", "1445412510",
    "1445412510000",
  ])
  func `reads dates, and seconds since 1970`(text: String) {
    #expect(delay(("retry-after", text)) == .seconds(30))
  }

  @Test func `a date in the past is no delay`() {
    #expect(delay(("retry-after", "Tue, 20 Oct 2015 07:28:00 GMT")) == .zero)
  }

  @Test func `without a clock the Date header is the clock`() {
    let error = ProviderError(
      status: 503,
      headers: [("Date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("Retry-After", "Wed, 21 Oct 2015 07:29:00 GMT")],
      body: [])
    #expect(error.retryAfter == .seconds(60))
    #expect(
      ProviderError(status: 503, headers: [("Retry-After", "Wed, 21 Oct 2015 07:29:00 GMT")], body: [])
        .retryAfter == nil)
  }

  @Test func `looks into bodies and messages`() {
    #expect(
      delay(
        body:
          #"{"error":{"code":429,"message":"x","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"34.5s"}]}}"#
      ) == .milliseconds(34500))
    #expect(delay(body: #"{"error":"Model is loading","estimated_time":20.5}"#) == .milliseconds(20500))
    #expect(
      delay(body: #"{"error":{"message":"Rate limit reached. Please try again in 6m0s. Visit us"}}"#)
        == .seconds(360))
    #expect(delay(body: #"{"error":{"message":"Please try again in 7.66s."}}"#) == .milliseconds(7660))
    #expect(delay(body: #"{"error":{"message":"Please retry in 20 seconds."}}"#) == .seconds(20))
    #expect(delay(body: #"{"error":{"message":"please try again in a while"}}"#) == nil)
  }

  @Test func `dates around leap days`() {
    #expect(HTTPDate.seconds("Thu, 29 Feb 2024 00:00:00 GMT") == 1_709_164_800)
    #expect(HTTPDate.seconds("Fri, 01 Mar 2024 00:00:00 GMT") == 1_709_251_200)
    #expect(HTTPDate.seconds("Thu, 01 Jan 1970 00:00:00 GMT") == 0)
    #expect(HTTPDate.seconds("Fri, 31 Dec 1999 23:59:59 GMT") == 946_684_799)
    #expect(HTTPDate.seconds(rfc3339: "2000-03-01T00:00:00Z") == 951_868_800)
    for text in ["", "x", "Wed, 21 Foo 2015 07:28:00 GMT", "Wed, 21 Oct 2015", "21 Oct 2015 25:61:00 GMT"] {
      #expect(HTTPDate.seconds(text) == nil)
    }
  }
}

@Suite struct RateLimitsTests {
  @Test func `reads OpenAI's names`() {
    let limits = RateLimits(headers: [
      ("x-ratelimit-limit-requests", "60"), ("X-RateLimit-Remaining-Requests", "59"),
      ("x-ratelimit-reset-requests", "1s"),
      ("x-ratelimit-limit-tokens", "150000"), ("x-ratelimit-remaining-tokens", "149984"),
      ("x-ratelimit-reset-tokens", "6m0s"),
    ])
    #expect(limits.requests == .init(limit: 60, remaining: 59, reset: .seconds(1)))
    #expect(limits.tokens == .init(limit: 150_000, remaining: 149_984, reset: .seconds(360)))
  }

  @Test func `reads Anthropic's names and dates`() {
    let limits = RateLimits(headers: [
      ("date", "Wed, 21 Oct 2015 07:28:00 GMT"), ("anthropic-ratelimit-requests-limit", "50"),
      ("anthropic-ratelimit-requests-reset", "2015-10-21T07:29:00Z"),
      ("anthropic-ratelimit-input-tokens-remaining", "9"),
      ("anthropic-ratelimit-output-tokens-limit", "8"),
    ])
    #expect(limits.requests == .init(limit: 50, reset: .seconds(60)))
    #expect(limits.inputTokens.remaining == 9)
    #expect(limits.outputTokens.limit == 8)
  }

  @Test func `reads one unnamed limit, and nothing from nothing`() {
    let one = RateLimits(
      headers: [
        ("x-ratelimit-limit", "10"), ("x-ratelimit-remaining", "3"), ("x-ratelimit-reset", "1445412540000"),
      ], now: 1_445_412_480)
    #expect(one.requests == .init(limit: 10, remaining: 3, reset: .seconds(60)))
    #expect(RateLimits(headers: [("content-type", "x")]).isEmpty)
  }
}
