// Finds the error in a body, whatever its shape.

/// What a provider's error says, before anybody decides what kind it is.
struct ErrorBody {
  var message: String?
  var type: String?
  var code: String?
  /// An HTTP status in the body.
  var status: Int?
  var requestID: String?
  var retryAfter: Duration?
  /// Every word that may tell the kind, lower case.
  private var words = ""

  /// The first shape that fits:
  /// `{error: {message, type, code, status, details}}`, `{type: "error", error: {...}, request_id}`,
  /// `{error: "text", code, error_type, estimated_time}`, `{detail: "text" | [{msg}] | {message}}`,
  /// `{message, type, code, ...}`, `{errors: [...]}`, `[{error: ...}]`.
  init?(_ value: JSONValue) {
    read(value)
    if type == "error" { type = nil }
    if message == nil && code == nil && type == nil { return nil }
    words = [type, code, message].compactMap { $0?.lowercased() }.joined(separator: " ") + words
  }

  private mutating func read(_ value: JSONValue) {
    switch value {
    case .object(let object): read(envelope: object)
    case .array(let elements): if let first = elements.first(where: { ErrorBody($0) != nil }) { read(first) }
    case .string(let text): message = text.isEmpty ? nil : text
    default: break
    }
  }

  private mutating func read(envelope object: JSONObject) {
    requestID = (object["request_id"] ?? object["requestId"])?.string
    retryAfter = object["estimated_time"]?.double.flatMap { Duration.delay(seconds: $0) }
    if let error = object["error"], !error.isNull {
      read(error: error, in: object)
    } else if let detail = object["detail"], !detail.isNull {
      switch detail {
      case .array(let parts):
        message = parts.map { $0["msg"]?.string ?? $0.text }.joined(separator: "; ")
      case .object(let inner): read(inner)
      case .string(let text): message = text
      default: message = detail.text
      }
    } else if let first = object["errors"]?.array?.first {
      read(first)
    } else {
      read(object)
    }
  }

  private mutating func read(error: JSONValue, in object: JSONObject) {
    let beside = object["message"]?.string ?? object["error_description"]?.string
    switch error {
    case .object(let inner):
      read(inner)
      message = message ?? beside ?? error.text
    case .string(let text):
      message = text.isEmpty ? beside : text
      code = ErrorBody.word(object["code"])
      type = object["error_type"]?.string ?? object["type"]?.string
      // OAuth: the error is a code, the text stands beside it.
      if let description = object["error_description"]?.string {
        code = text
        message = description
      }
    case .array: read(error)
    default: message = beside ?? error.text
    }
  }

  private mutating func read(_ object: JSONObject) {
    let names = [
      "message", "Message", "msg", "error_message", "error_msg", "status_msg", "detail", "text",
    ]
    message = names.lazy.compactMap { object[$0] }.first?.string
    type = (object["type"] ?? object["__type"] ?? object["error_type"])?.string ?? object["status"]?.string
    code = ErrorBody.word(object["code"] ?? object["error_code"] ?? object["status_code"])
    for name in ["http_status_code", "raw_status_code", "status_code", "status", "code"] where status == nil {
      status = object[name]?.int.flatMap { (400...599).contains($0) ? $0 : nil }
    }
    for detail in object["details"]?.array ?? [] {
      if let delay = detail["retryDelay"]?.string { retryAfter = retryAfter ?? Duration(spelled: delay) }
      if let reason = detail["reason"]?.string { words += " " + reason.lowercased() }
    }
    requestID = requestID ?? object["request_id"]?.string
    if message == nil, let cause = object["cause"]?.string { message = cause }
  }

  private static func word(_ value: JSONValue?) -> String? {
    switch value {
    case .string(let text)?: text.isEmpty ? nil : text
    case .integer(let integer)?: String(integer)
    default: nil
    }
  }

  /// What kind of failure the words mean; the status decides when they mean nothing.
  func kind(status: Int?) -> ProviderError.Kind {
    func says(_ parts: String...) -> Bool { parts.contains { words.contains($0) } }
    let status = status.flatMap { $0 >= 400 ? $0 : nil } ?? self.status
    if says(
      "insufficient_quota", "exceeded your current quota", "spend_limit", "billing", "insufficient_balance",
      "insufficient balance", "credit balance", "quota_exceeded_for_account")
    {
      return .quota
    }
    if says(
      "context_length", "context length", "context window", "context_window", "exceed_context_size",
      "prompt is too long", "maximum context", "too many tokens", "input token count")
    {
      return .contextTooLong
    }
    if says("content_filter", "content_policy", "content management policy", "responsibleaipolicy") {
      return .contentFiltered
    }
    if says("overloaded", "engine_overload", "unavailable", "currently loading", "capacity") && status != 429
    {
      return .overloaded
    }
    if status == 429 || says("rate_limit", "rate limit", "resource_exhausted", "too many requests", "throttl")
    {
      return .rateLimited
    }
    if says(
      "invalid_api_key", "api_key_invalid", "authentication", "unauthenticated", "incorrect api key",
      "invalid api key")
    {
      return .authentication
    }
    if status == 401 { return .authentication }
    if status == 403 || says("permission", "forbidden", "unsupported_country") { return .permission }
    if says(
      "model_not_found", "model not found", "modelnotfound", "no such model", "unknown model", "invalid model"
    ) {
      return .modelNotFound
    }
    if status == nil, says("model"), says("not found") { return .modelNotFound }
    if status == 404 || says("not_found") {
      return says("model") ? .modelNotFound : .notFound
    }
    if says("request_too_large") || status == 413 { return .requestTooLarge }
    if says("timeout", "deadline_exceeded", "timed out") { return .timeout(.provider) }
    if let status { return ProviderError.Kind(status: status) }
    if says("invalid_request", "invalid_argument", "validation", "failed_precondition", "not_implemented") {
      return .invalidRequest
    }
    if says("cancelled") { return .cancelled }
    if says("server_error", "internal", "api_error", "generation") { return .serverError }
    return .other
  }
}
