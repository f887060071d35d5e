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
    parameters.set("temperature", request.temperature)
    parameters.set("top_p", request.topP)
    parameters.set("top_k", request.topK)
    parameters.set("repetition_penalty", request.repetitionPenalty)
    parameters.set("frequency_penalty", request.frequencyPenalty)
    parameters.set("seed", request.seed)
    if request.temperature ?? 0 > 0 { parameters["do_sample"] = true }
    if !request.stop.isEmpty { parameters["stop"] = .array(request.stop.map { .string($0) }) }
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
