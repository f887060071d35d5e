// The JSON form of an event: a public interface, described in docs/guides/decode-json.md.

extension ChatEvent {
  /// The event as one line of JSON text, without its line feed: `{"type":"textDelta","text":"Hi",...}`.
  ///
  /// The names of events and fields are a public interface: they do not change, new ones may come.
  public var jsonLine: String { JSONValue.object(json).text }

  /// The event as a JSON object.
  public var json: JSONObject {
    var object: JSONObject = ["type": .string(name)]
    write(to: &object)
    if let place {
      object["choice"] = .integer(place.choice)
      object["block"] = .integer(place.block)
    }
    return object
  }

  /// The event's name in the JSON form.
  public var name: String {
    switch self {
    case .started: "started"
    case .roundStarted: "roundStarted"
    case .textStarted: "textStarted"
    case .textDelta: "textDelta"
    case .textEnded: "textEnded"
    case .reasoningStarted: "reasoningStarted"
    case .reasoningDelta: "reasoningDelta"
    case .reasoningSignature: "reasoningSignature"
    case .reasoningEnded: "reasoningEnded"
    case .refusalDelta: "refusalDelta"
    case .toolCallStarted: "toolCallStarted"
    case .toolArgumentsDelta: "toolArgumentsDelta"
    case .toolCall: "toolCall"
    case .hostedToolCall: "hostedToolCall"
    case .hostedToolResult: "hostedToolResult"
    case .source: "source"
    case .file: "file"
    case .raw: "raw"
    case .usage: "usage"
    case .rateLimits: "rateLimits"
    case .heartbeat: "heartbeat"
    case .modelLoad: "modelLoad"
    case .promptProgress: "promptProgress"
    case .warning: "warning"
    case .roundEnded: "roundEnded"
    case .finished: "finished"
    case .failed: "failed"
    case .cancelled: "cancelled"
    }
  }

  private func write(to object: inout JSONObject) {
    switch self {
    case .started(let started):
      object.set("id", started.id)
      object.set("model", started.model)
      object.set("cachedForSeconds", started.cachedFor)
    case .roundStarted(let index): object["index"] = .integer(index)
    case .textDelta(let text, _), .reasoningDelta(let text, _), .refusalDelta(let text, _):
      object["text"] = .string(text)
    case .reasoningSignature(let signature, _): object["signature"] = .string(signature)
    case .toolCallStarted(let start, _):
      object["id"] = .string(start.id)
      object["name"] = .string(start.name)
    case .toolArgumentsDelta(let text, let id, _):
      object["id"] = .string(id)
      object["text"] = .string(text)
    case .toolCall(let call, _), .hostedToolCall(let call): call.write(to: &object)
    case .hostedToolResult(let result):
      object["id"] = .string(result.id)
      object["name"] = .string(result.name)
      object["content"] = .string(result.content)
      object["outcome"] = .string(result.outcome.rawValue)
    case .source(let source):
      object.set("url", source.url)
      object.set("title", source.title)
      object.set("quote", source.quote)
    case .file(let file):
      object.set("mimeType", file.mimeType)
      object.set("base64", file.base64)
      object.set("url", file.url)
    case .raw(let raw):
      object["name"] = .string(raw.name)
      object["data"] = (try? JSONValue(parsing: raw.json)) ?? .string(raw.json)
    case .usage(let usage): usage.write(to: &object)
    case .rateLimits(let limits): limits.write(to: &object)
    case .modelLoad(let progress), .promptProgress(let progress): object["progress"] = .number(progress)
    case .warning(let warning):
      object["kind"] = .string(warning.kind.rawValue)
      object["message"] = .string(warning.message)
    case .roundEnded(let index, let finish):
      object["index"] = .integer(index)
      finish.write(to: &object)
    case .finished(let finish): finish.write(to: &object)
    case .failed(let error): error.write(to: &object)
    case .cancelled(let usage): usage?.write(to: &object)
    case .textStarted, .textEnded, .reasoningStarted, .reasoningEnded, .heartbeat: break
    }
  }
}

extension JSONObject {
  mutating func set(_ name: String, _ text: String?) { if let text { self[name] = .string(text) } }
  mutating func set(_ name: String, _ integer: Int?) { if let integer { self[name] = .integer(integer) } }
  mutating func set(_ name: String, _ number: Double?) { if let number { self[name] = .number(number) } }
  mutating func set(_ name: String, _ bool: Bool?) { if let bool { self[name] = .bool(bool) } }
  mutating func set(_ name: String, _ duration: Duration?) { set(name, duration?.seconds) }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral members: (String, JSONValue)...) { self.init(members) }
}

extension ToolCall {
  fileprivate func write(to object: inout JSONObject) {
    object["id"] = .string(id)
    object["name"] = .string(name)
    object["arguments"] = .string(arguments)
    object["form"] = .string(form.rawValue)
    object["isValid"] = .bool(problem == nil)
    switch problem {
    case .malformed(let error)?: object["problem"] = .string("malformed: \(error)")
    case .unfinished?: object["problem"] = "unfinished"
    case nil: break
    }
    object.set("signature", signature)
  }
}

extension Usage {
  fileprivate func write(to object: inout JSONObject) {
    object.set("inputTokens", inputTokens)
    object.set("outputTokens", outputTokens)
    object.set("reasoningTokens", reasoningTokens)
    object.set("cachedInputTokens", cachedInputTokens)
    object.set("cacheWriteTokens", cacheWriteTokens)
    object.set("totalTokens", totalTokens)
    object.set("loadSeconds", timing?.load)
    object.set("promptSeconds", timing?.prompt)
    object.set("generationSeconds", timing?.generation)
    object.set("firstTokenSeconds", timing?.firstToken)
  }
}

extension RateLimits {
  fileprivate func write(to object: inout JSONObject) {
    for (name, limit) in [
      ("requests", requests), ("tokens", tokens), ("inputTokens", inputTokens),
      ("outputTokens", outputTokens),
    ] where !limit.isEmpty {
      var inner = JSONObject()
      inner.set("limit", limit.limit)
      inner.set("remaining", limit.remaining)
      inner.set("resetSeconds", limit.reset)
      object[name] = .object(inner)
    }
  }
}

extension Finish {
  fileprivate func write(to object: inout JSONObject) {
    object["reason"] = .string(reason.name)
    object.set("rawReason", raw)
    object.set("stopSequence", stopSequence)
    object.set("detail", detail)
    if !others.isEmpty {
      let sorted = others.sorted { $0.key < $1.key }
      object["otherChoices"] = .array(
        sorted.map { ["choice": .integer($0.key), "reason": .string($0.value.name)] })
    }
  }
}

extension ProviderError {
  fileprivate func write(to object: inout JSONObject) {
    object["kind"] = .string(kind.name)
    if case .timeout(let phase) = kind { object["phase"] = .string(phase.rawValue) }
    object["message"] = .string(message)
    object.set("status", status)
    object.set("code", code)
    object.set("requestId", requestID)
    object.set("retryAfterSeconds", retryAfter)
    object["isRetryable"] = .bool(isRetryable)
    object.set("bodySnippet", bodySnippet)
    var emitted: JSONObject = [
      "events": .integer(self.emitted.events), "textBytes": .integer(self.emitted.text),
      "reasoningBytes": .integer(self.emitted.reasoning), "toolCalls": .integer(self.emitted.toolCalls),
    ]
    if let usage = self.emitted.usage {
      var inner = JSONObject()
      usage.write(to: &inner)
      emitted["usage"] = .object(inner)
    }
    object["emitted"] = .object(emitted)
  }
}
