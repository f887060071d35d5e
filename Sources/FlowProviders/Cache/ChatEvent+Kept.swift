// The JSON form of an event with all that the public form leaves out, and the way back.

extension ChatEvent {
  /// The event as a JSON object from which it can be made again.
  var kept: JSONObject {
    var object = json
    switch self {
    case .raw(let raw): object["data"] = .string(raw.json)
    case .usage(let usage):
      if usage.reasoning == .separate { object["reasoning"] = "separate" }
      if usage.cache == .separate { object["cache"] = "separate" }
    case .roundEnded(_, let finish), .finished(let finish): finish.complete(&object)
    default: break
    }
    return object
  }

  /// The event that ``kept`` was made of; `nil` when there is none, or it is one that is not kept.
  init?(kept object: JSONObject) {
    guard let name = object["type"]?.string else { return nil }
    if let event = ChatEvent(name, ofBlock: object) ?? ChatEvent(name, ofRun: object) {
      self = event
    } else {
      return nil
    }
  }

  private init?(_ name: String, ofBlock object: JSONObject) {
    guard let choice = object["choice"]?.int, let block = object["block"]?.int else { return nil }
    let place = Place(choice: choice, block: block)
    switch name {
    case "textStarted": self = .textStarted(place)
    case "textEnded": self = .textEnded(place)
    case "reasoningStarted": self = .reasoningStarted(place)
    case "reasoningEnded": self = .reasoningEnded(place)
    case "toolCall":
      guard let call = ToolCall(kept: object) else { return nil }
      self = .toolCall(call, place)
    case "toolCallStarted":
      guard let id = object["id"]?.string, let tool = object["name"]?.string else { return nil }
      self = .toolCallStarted(.init(id: id, name: tool), place)
    case "reasoningSignature":
      guard let signature = object["signature"]?.string else { return nil }
      self = .reasoningSignature(signature, place)
    default:
      guard let text = object["text"]?.string else { return nil }
      switch name {
      case "textDelta": self = .textDelta(text, place)
      case "reasoningDelta": self = .reasoningDelta(text, place)
      case "refusalDelta": self = .refusalDelta(text, place)
      case "toolArgumentsDelta":
        guard let id = object["id"]?.string else { return nil }
        self = .toolArgumentsDelta(text, id: id, place)
      default: return nil
      }
    }
  }

  private init?(_ name: String, ofRun object: JSONObject) {
    switch name {
    case "started":
      self = .started(
        Started(
          id: object["id"]?.string, model: object["model"]?.string,
          cachedFor: object.duration("cachedForSeconds")))
    case "source":
      self = .source(
        Source(url: object["url"]?.string, title: object["title"]?.string, quote: object["quote"]?.string))
    case "file":
      self = .file(
        GeneratedFile(
          mimeType: object["mimeType"]?.string, base64: object["base64"]?.string, url: object["url"]?.string))
    case "usage": self = .usage(Usage(kept: object))
    case "roundStarted":
      guard let index = object["index"]?.int else { return nil }
      self = .roundStarted(index)
    case "hostedToolCall":
      guard let call = ToolCall(kept: object) else { return nil }
      self = .hostedToolCall(call)
    case "hostedToolResult":
      guard let id = object["id"]?.string, let tool = object["name"]?.string,
        let content = object["content"]?.string,
        let outcome = object["outcome"]?.string.flatMap({ ToolResult.Outcome(rawValue: $0) })
      else { return nil }
      self = .hostedToolResult(ToolResult(id: id, name: tool, content: content, outcome: outcome))
    case "raw":
      guard let type = object["name"]?.string, let text = object["data"]?.string else { return nil }
      self = .raw(RawEvent(name: type, json: text))
    case "warning":
      guard let kind = object["kind"]?.string.flatMap({ Warning.Kind(rawValue: $0) }),
        let message = object["message"]?.string
      else { return nil }
      self = .warning(Warning(kind, message))
    case "roundEnded":
      guard let index = object["index"]?.int, let finish = Finish(kept: object) else { return nil }
      self = .roundEnded(index, finish)
    case "finished":
      guard let finish = Finish(kept: object) else { return nil }
      self = .finished(finish)
    default: return nil
    }
  }
}

extension ToolCall {
  fileprivate init?(kept object: JSONObject) {
    guard let id = object["id"]?.string, let name = object["name"]?.string,
      let arguments = object["arguments"]?.string, object["isValid"]?.bool == true,
      let form = object["form"]?.string.flatMap({ Form(rawValue: $0) })
    else { return nil }
    self.init(
      id: id, name: name, arguments: arguments, form: form, signature: object["signature"]?.string)
  }
}

extension Finish {
  /// Adds the words of reasons that have no name.
  fileprivate func complete(_ object: inout JSONObject) {
    if case .other(let word) = reason { object["word"] = .string(word) }
    guard !others.isEmpty else { return }
    let sorted = others.sorted { $0.key < $1.key }
    object["otherChoices"] = .array(
      sorted.map { number, reason in
        var choice: JSONObject = ["choice": .integer(number), "reason": .string(reason.name)]
        if case .other(let word) = reason { choice["word"] = .string(word) }
        return .object(choice)
      })
  }

  fileprivate init?(kept object: JSONObject) {
    guard let reason = FinishReason(kept: object) else { return nil }
    self.init(
      reason, raw: object["rawReason"]?.string, stopSequence: object["stopSequence"]?.string,
      detail: object["detail"]?.string)
    for choice in object["otherChoices"]?.array ?? [] {
      guard let choice = choice.object, let number = choice["choice"]?.int,
        let reason = FinishReason(kept: choice)
      else { return nil }
      others[number] = reason
    }
  }
}

extension FinishReason {
  fileprivate init?(kept object: JSONObject) {
    let named: [FinishReason] = [.stop, .length, .toolCalls, .contentFilter, .refusal, .pause, .error]
    let name = object["reason"]?.string
    if let reason = named.first(where: { $0.name == name }) {
      self = reason
    } else if name == "other", let word = object["word"]?.string {
      self = .other(word)
    } else {
      return nil
    }
  }
}

extension Usage {
  fileprivate init(kept object: JSONObject) {
    self.init(
      inputTokens: object["inputTokens"]?.int, outputTokens: object["outputTokens"]?.int,
      totalTokens: object["totalTokens"]?.int)
    reasoningTokens = object["reasoningTokens"]?.int
    cachedInputTokens = object["cachedInputTokens"]?.int
    cacheWriteTokens = object["cacheWriteTokens"]?.int
    if object["reasoning"]?.string == "separate" { reasoning = .separate }
    if object["cache"]?.string == "separate" { cache = .separate }
    var timing = Timing()
    timing.load = object.duration("loadSeconds")
    timing.prompt = object.duration("promptSeconds")
    timing.generation = object.duration("generationSeconds")
    timing.firstToken = object.duration("firstTokenSeconds")
    if timing != Timing() { self.timing = timing }
  }
}

extension JSONObject {
  fileprivate func duration(_ name: String) -> Duration? {
    guard let seconds = self[name]?.double, abs(seconds) < 1e9 else { return nil }
    return .nanoseconds(Int64((seconds * 1e9).rounded()))
  }
}
