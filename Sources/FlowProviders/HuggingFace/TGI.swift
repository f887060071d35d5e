// Hugging Face's text generation inference: the request.

/// A text generation inference server's own endpoint: a prompt in, tokens out.
///
/// It applies no chat template: the messages' texts are put one below the other. For chats, use
/// ``OpenAIDialect/tgi(base:)`` or ``OpenAIDialect/huggingFace``.
public struct TGI: WireFormat, Hashable {
  public var base: String
  public var key: Secret?
  public var headers: [WireRequest.Header]

  public init(base: String, key: Secret? = nil, headers: [WireRequest.Header] = []) {
    self.base = base
    self.key = key
    self.headers = headers
  }

  public var name: String { "tgi" }
  public var wire: WireProtocol { .tgi }

  public func request(for request: ChatRequest) -> WireRequest {
    var parameters: JSONObject = ["details": true]
    parameters.set("max_new_tokens", request.maxOutputTokens)
    // No temperature is none at all here, and both figures must lie within their ranges.
    if let temperature = request.temperature, temperature > 0 {
      parameters["temperature"] = .number(temperature)
      parameters["do_sample"] = true
    }
    if let topP = request.topP, topP > 0, topP < 1 { parameters["top_p"] = .number(topP) }
    parameters.set("top_k", request.topK)
    parameters.set("repetition_penalty", request.repetitionPenalty)
    parameters.set("frequency_penalty", request.frequencyPenalty)
    parameters.set("seed", request.seed)
    parameters.set("stop", request.stop)
    if let logprobs = request.logprobs, logprobs > 0 { parameters["top_n_tokens"] = .integer(logprobs) }
    if case .schema(let schema, _) = request.responseFormat {
      parameters["grammar"] = ["type": "json", "value": schema]
    }
    let body: JSONObject = [
      "inputs": .string(request.messages.map(\.text).joined(separator: "\n")),
      "parameters": .object(parameters), "stream": true,
    ]
    return WireRequest(
      base: base, path: "/generate_stream", authorization: WireRequest.bearer(key), headers: headers,
      body: body,
      extra: request.extra)
  }
}
