// From an answer that is no answer to an error.

extension ProviderError {
  /// The most of a body that is kept.
  static let snippetLimit = 2048

  /// Reads the failure out of an HTTP answer.
  ///
  /// - Parameters:
  ///   - status: the HTTP status; also 200, when the body turned out to be an error.
  ///   - headers: names in any case.
  ///   - body: as much of it as there is. It may be JSON of any provider's shape, text, a page of HTML or nothing.
  ///   - now: the seconds since 1970, for headers that name a date; the `Date` header when left out.
  public init(
    status: Int, headers: [(name: String, value: String)] = [], body: some Collection<UInt8>,
    now: Double? = nil
  ) {
    let headers = Headers(headers)
    let bytes = Array(body)
    if let value = try? JSONValue(parsing: ErrorText.trimmed(bytes)), let body = ErrorBody(value) {
      self.init(body, status: status, snippet: bytes)
    } else {
      self.init(unstructured: bytes, status: status, server: headers["server"])
    }
    requestID = requestID ?? headers.requestID
    retryAfter =
      RetryAfter.delay(headers, now: now) ?? retryAfter ?? RetryAfter.delay(in: message)
      ?? (kind == .rateLimited ? RateLimits(headers, now: now).untilMore : nil)
    switch headers["x-should-retry"] {
    case "true"?: isRetryable = true
    case "false"?: isRetryable = false
    default:
      // A conflict passes; the words of the others have decided already.
      if status == 409 { isRetryable = true }
    }
  }

  /// The error in a JSON value: a frame in mid-stream, a body.
  init(_ body: ErrorBody, status: Int? = nil, snippet: [UInt8] = []) {
    let kind = body.kind(status: status)
    let own =
      body.message.flatMap { $0.isEmpty ? nil : $0 } ?? body.code ?? body.type ?? "an error without a word"
    let outer = status.flatMap { $0 >= 400 ? $0 : nil }
    self.init(
      kind, ErrorText.masked(own), status: outer ?? body.status ?? status,
      code: body.codeOrType, requestID: body.requestID, retryAfter: body.retryAfter,
      bodySnippet: snippet.isEmpty ? nil : ErrorText.snippet(snippet))
    if (outer ?? body.status) == 409 { isRetryable = true }
  }

  /// The error in a body without structure.
  init(unstructured bytes: [UInt8], status: Int, server: String? = nil) {
    let snippet = ErrorText.snippet(bytes)
    let isPage = ErrorText.looksLikePage(bytes)
    let by = server.map { ", from \($0)" } ?? ""
    if isPage {
      self.init(
        status == 401 || status == 403 || status == 404 ? Kind(status: status) : .badGateway,
        "a page of HTML instead of an answer\(by)", status: status, bodySnippet: snippet,
        isRetryable: status >= 500 || status == 429 || status == 408)
      return
    }
    var words = ErrorBody(.string(snippet))
    words?.message = nil
    let kind = status >= 400 ? words?.kind(status: status) ?? Kind(status: status) : .protocolViolation
    let text =
      snippet.isEmpty ? "an empty answer\(by)" : snippet.prefix(200) + (snippet.count > 200 ? "…" : "")
    self.init(
      kind, String(text), status: status, bodySnippet: snippet.isEmpty ? nil : snippet,
      isRetryable: status == 409 ? true : nil)
  }
}

extension ErrorBody {
  /// The provider's code; its type where there is no code, or only the status again.
  var codeOrType: String? {
    if let code, code != status.map(String.init) { return code }
    return type ?? code
  }
}

enum ErrorText {
  static func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    var slice = bytes[...]
    // A byte order mark, and the empty lines that some send while they wait.
    if slice.starts(with: [0xEF, 0xBB, 0xBF]) { slice = slice.dropFirst(3) }
    return slice.drop { $0 <= 0x20 }
  }

  static func looksLikePage(_ bytes: [UInt8]) -> Bool { trimmed(bytes).first == UInt8(ascii: "<") }

  /// The beginning of a body as text, with what looks like a key masked.
  static func snippet(_ bytes: [UInt8]) -> String {
    let text = String(decoding: trimmed(bytes).prefix(ProviderError.snippetLimit), as: UTF8.self)
    return masked(text)
  }

  private static let keyBeginnings = [
    "sk-", "sk_", "gsk_", "xai-", "hf_", "AIza", "pplx-", "csk-", "r8_", "nvapi-", "ghu_", "gho_", "key-",
    "Bearer ",
  ]

  /// The text with everything that begins like a provider's key cut down to its beginning: providers like to
  /// repeat a wrong key in their answer.
  static func masked(_ text: String) -> String {
    guard keyBeginnings.contains(where: { text.contains($0) }) else { return text }
    var masked = ""
    var rest = text[...]
    while !rest.isEmpty {
      let isWordStart = masked.last.map { !$0.isLetter && !$0.isNumber } ?? true
      if isWordStart, let beginning = keyBeginnings.first(where: { rest.hasPrefix($0) }) {
        let secret = rest.dropFirst(beginning.count).prefix { isKeyCharacter($0) }
        masked += beginning
        rest = rest.dropFirst(beginning.count)
        if secret.count >= 8 {
          masked += "…"
          rest = rest.dropFirst(secret.count)
        }
      } else {
        masked.append(rest.removeFirst())
      }
    }
    return masked
  }

  private static func isKeyCharacter(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || "-_.*".contains(character))
  }
}
