// The headers of an answer, by name.

/// Header fields; names are found in any case.
struct Headers {
  private let fields: [(name: String, value: String)]

  init(_ fields: [(name: String, value: String)]) {
    self.fields = fields.map { ($0.name.lowercased(), $0.value) }
  }

  /// - Parameter name: in lower case.
  subscript(name: String) -> String? {
    guard let value = fields.first(where: { $0.name == name })?.value else { return nil }
    let trimmed = value.drop { $0 == " " || $0 == "\t" }
    return trimmed.isEmpty ? nil : String(trimmed)
  }

  /// The provider's name of the request.
  var requestID: String? {
    for name in [
      "x-request-id", "request-id", "x-amzn-requestid", "apim-request-id", "x-goog-request-id",
      "x-ms-request-id",
      "x-generation-id", "mistral-correlation-id", "cf-ray",
    ] {
      if let value = self[name] { return value }
    }
    return nil
  }
}

extension RateLimits {
  /// The limits in the headers of an answer: OpenAI's names and those of the many who took them over, and
  /// Anthropic's.
  ///
  /// - Parameters:
  ///   - headers: all of them, in any order.
  ///   - now: the seconds since 1970, for limits that end at a date; the `Date` header when left out.
  public init(headers: [(name: String, value: String)], now: Double? = nil) {
    self.init(Headers(headers), now: now)
  }

  init(_ headers: Headers, now: Double?) {
    let now = now ?? headers["date"].flatMap { HTTPDate.seconds($0) }
    func limit(_ openAI: String?, _ anthropic: String) -> Limit {
      func field(_ what: String) -> String? {
        openAI.flatMap { headers["x-ratelimit-\(what)-\($0)"] }
          ?? headers["anthropic-ratelimit-\(anthropic)-\(what)"]
      }
      return Limit(
        limit: field("limit").flatMap { Int($0) }, remaining: field("remaining").flatMap { Int($0) },
        reset: field("reset").flatMap { RetryAfter.delay(spelled: $0, now: now) })
    }
    self.init()
    requests = limit("requests", "requests")
    tokens = limit("tokens", "tokens")
    inputTokens = limit(nil, "input-tokens")
    outputTokens = limit(nil, "output-tokens")
    if requests.isEmpty {
      // One unnamed limit.
      requests = Limit(
        limit: headers["x-ratelimit-limit"].flatMap { Int($0) },
        remaining: headers["x-ratelimit-remaining"].flatMap { Int($0) },
        reset: headers["x-ratelimit-reset"].flatMap { RetryAfter.delay(spelled: $0, now: now) })
    }
  }
}
