// OpenTelemetry's words for what is asked of a model and what comes of it.

/// The names of the semantic conventions for generative AI, as far as they are used here.
enum GenAI {
  static let operation = "gen_ai.operation.name"
  static let provider = "gen_ai.provider.name"
  static let requestModel = "gen_ai.request.model"

  static let chat = "chat"
  static let embeddings = "embeddings"

  /// The convention's name of a provider, where it has one.
  static func name(of provider: String) -> String {
    switch provider {
    case "openai-responses": "openai"
    case "gemini", "gemini-interactions": "gcp.gemini"
    case "azure": "azure.ai.openai"
    case "mistral": "mistral_ai"
    case "xai": "x_ai"
    case "moonshot": "moonshot_ai"
    default: provider
    }
  }

  static func span(operation: String, model: String) -> String {
    model.isEmpty ? operation : "\(operation) \(model)"
  }

  /// What every span of a request begins with.
  static func attributes(operation: String, provider: String, model: String) -> JSONObject {
    let name = name(of: provider)
    var object: JSONObject = [GenAI.operation: .string(operation), GenAI.provider: .string(name)]
    // Its name in the conventions until 2025, which collectors still look for.
    object["gen_ai.system"] = .string(name)
    if !model.isEmpty { object[requestModel] = .string(model) }
    return object
  }

  /// What is known of a request. Nothing of what it says.
  static func attributes(of request: ChatRequest, to provider: String) -> JSONObject {
    var object = attributes(operation: chat, provider: provider, model: request.model)
    object.set("gen_ai.request.max_tokens", request.maxOutputTokens)
    object.set("gen_ai.request.temperature", request.temperature)
    object.set("gen_ai.request.top_p", request.topP)
    object.set("gen_ai.request.top_k", request.topK)
    object.set("gen_ai.request.frequency_penalty", request.frequencyPenalty)
    object.set("gen_ai.request.presence_penalty", request.presencePenalty)
    object.set("gen_ai.request.seed", request.seed)
    if let choices = request.choices, choices != 1 {
      object["gen_ai.request.choice.count"] = .integer(choices)
    }
    object["gen_ai.output.type"] = request.responseFormat == .text ? "text" : "json"
    object["flow.request.messages"] = .integer(request.messages.count)
    object["flow.request.tools"] = .integer(request.tools.count)
    return object
  }

  /// What is known at the end. Nothing of what was said.
  static func attributes(of report: AnswerReport) -> JSONObject {
    var object = JSONObject()
    object.set("gen_ai.response.id", report.id)
    object.set("gen_ai.response.model", report.model)
    if !report.finishReasons.isEmpty {
      object["gen_ai.response.finish_reasons"] = .array(report.finishReasons.map { .string($0.genAI) })
    }
    object.set("gen_ai.response.time_to_first_chunk", report.timeToFirstChunk)
    object.set("gen_ai.usage.input_tokens", report.usage?.allInputTokens)
    object.set("gen_ai.usage.output_tokens", report.usage?.allOutputTokens)
    object.set("gen_ai.usage.cache_read.input_tokens", report.usage?.cachedInputTokens)
    object.set("gen_ai.usage.cache_creation.input_tokens", report.usage?.cacheWriteTokens)
    object.set("gen_ai.usage.reasoning.output_tokens", report.usage?.reasoningTokens)
    if report.isInputEstimated { object["flow.usage.input_tokens.estimated"] = .bool(true) }
    if report.isOutputEstimated { object["flow.usage.output_tokens.estimated"] = .bool(true) }
    object["flow.response.chunks"] = .integer(report.chunks)
    object["flow.response.tool_calls"] = .integer(report.toolCalls)
    if report.warnings > 0 { object["flow.response.warnings"] = .integer(report.warnings) }
    return object
  }

  /// What is known of an end that is no success. Not its message: providers repeat there what they were told.
  static func write(_ status: TelemetryOutcome.Status, _ error: ProviderError?, to object: inout JSONObject) {
    if status != .ok { object["flow.outcome"] = status == .cancelled ? "cancelled" : "failed" }
    guard case .failed(let kind) = status else { return }
    object["error.type"] = .string(kind.telemetryName)
    object.set("http.response.status_code", error?.status)
    object.set("flow.error.code", error?.code.map { ErrorText.masked($0) })
    object.set("flow.error.request_id", error?.requestID)
  }
}

extension FinishReason {
  /// The reason in OpenTelemetry's spelling.
  var genAI: String {
    switch self {
    case .toolCalls: "tool_calls"
    case .contentFilter: "content_filter"
    case .other(let word): word
    default: name
    }
  }
}
