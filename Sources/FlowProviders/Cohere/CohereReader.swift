// Cohere's chat, version 2.

/// Reads Cohere's events: content blocks, a plan for the tools, calls, citations.
struct CohereReader: WireReader {
  init() {}

  /// The first version had other events.
  func other(for json: JSONCursor) -> (any WireReader)? {
    json["event_type"] == nil ? nil : CohereFirstReader()
  }

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    let type = json["type"]?.string ?? name.string
    let index = json["index"]?.int ?? 0
    let slot = Slot(number: index)
    let message = json["delta"]?["message"]
    switch type {
    case "message-start":
      answer.identify(id: json["id"]?.string, model: json["model"]?.string)
      answer.begin()
      answer.expect(0)
    case "content-start", "content-delta":
      guard let content = message?["content"] else { return }
      if content["type"]?.equals("thinking") == true { answer.opened(.reasoning, slot) }
      if let thinking = content["thinking"]?.string { answer.reasoning(thinking, in: slot) }
      if let text = content.string ?? content["text"]?.string { answer.text(text, in: slot) }
    case "content-end": answer.closeBlock(slot)
    case "tool-plan-delta":
      // The model says what it is about to do before it calls: that is a thought, not the answer.
      let plan = message?["tool_plan"] ?? json["delta"]?["tool_plan"]
      answer.reasoning(plan?.string ?? "", in: CohereReader.plan)
    case "tool-call-start":
      answer.closeBlock(CohereReader.plan)
      for call in calls(message) { start(call, index, &answer) }
    case "tool-call-delta": for call in calls(message) { grow(call, index, &answer) }
    case "tool-call-end":
      if let open = answer.call(CohereReader.call(index)) { answer.completeCall(at: open) }
    case "citation-start":
      guard let citations = message?["citations"] else { return }
      if citations.isObject { tell(citations, &answer) }
      for citation in citations.elements { tell(citation, &answer) }
    case "citation-end": break
    case "message-end": end(json["delta"], &answer)
    case "" where json["message"]?.isObject == true: read(whole: json, &answer)
    default: answer.raw(type, json)
    }
  }

  /// A complete answer: the server did not stream.
  private func read(whole json: JSONCursor, _ answer: inout Assembler) {
    answer.identify(id: json["id"]?.string, model: json["model"]?.string)
    answer.begin()
    answer.expect(0)
    let message = json["message"]
    for (index, content) in json.elements("message", "content").enumerated() {
      let slot = Slot(number: index)
      answer.reasoning(content["thinking"]?.string ?? "", in: slot)
      answer.text(content["text"]?.string ?? "", in: slot)
    }
    answer.reasoning(message?["tool_plan"]?.string ?? "", in: CohereReader.plan)
    answer.closeBlock(CohereReader.plan)
    for (index, call) in calls(message).enumerated() {
      start(call, index, &answer)
      if let open = answer.call(CohereReader.call(index)) { answer.completeCall(at: open) }
    }
    end(json, &answer)
  }

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }

  private static let plan = Slot(number: -1)

  /// Calls and contents are numbered apart from each other.
  private static func call(_ index: Int) -> Slot { Slot(number: 1 << 20 | index) }

  /// An object where the name promises a list; a list in case that is mended.
  private func calls(_ message: JSONCursor?) -> [JSONCursor] {
    guard let calls = message?["tool_calls"] else { return [] }
    return calls.isArray ? Array(calls.elements) : [calls]
  }

  private func start(_ call: JSONCursor, _ index: Int, _ answer: inout Assembler) {
    answer.startCall(
      OpenCall(
        slot: CohereReader.call(index), id: call["id"]?.string ?? "",
        name: call["function"]?["name"]?.string ?? ""))
    grow(call, index, &answer)
  }

  private func grow(_ call: JSONCursor, _ index: Int, _ answer: inout Assembler) {
    guard let open = answer.call(CohereReader.call(index)),
      let arguments = call["function"]?["arguments"]
    else { return }
    answer.arguments(arguments.string ?? arguments.source, at: open)
  }

  private func tell(_ citation: JSONCursor, _ answer: inout Assembler) {
    let quote = citation["text"]?.string
    var isTold = false
    for source in citation.elements("sources") {
      let document = source["document"]
      answer.source(
        url: document?["url"]?.string, title: (document?["title"] ?? source["id"])?.string, quote: quote)
      isTold = true
    }
    if !isTold { answer.source(url: nil, quote: quote) }
  }

  private func end(_ delta: JSONCursor?, _ answer: inout Assembler) {
    if let usage = delta?["usage"] { answer.usage.merge(Usage(cohere: usage)) }
    CohereReader.finish(delta?["finish_reason"]?.nonempty, error: delta?["error"]?.string, &answer)
  }

  static func finish(_ raw: String?, error: String?, _ answer: inout Assembler) {
    let reason = FinishReason(cohere: raw ?? "")
    if error != nil || (raw?.hasPrefix("ERROR") == true && reason == .other(raw ?? "")) {
      return answer.fail(
        ProviderError(.serverError, error ?? "the provider stopped with an error", code: raw))
    }
    answer.finish(Finish(reason, raw: raw))
    answer.end()
  }
}

extension FinishReason {
  fileprivate init(cohere raw: String) {
    switch raw {
    case "", "COMPLETE", "STOP_SEQUENCE": self = .stop
    case "MAX_TOKENS": self = .length
    case "TOOL_CALL": self = .toolCalls
    case "ERROR_TOXIC": self = .contentFilter
    default: self = .other(raw)
    }
  }
}

extension Usage {
  init(cohere json: JSONCursor) {
    let tokens = json["tokens"] ?? json["billed_units"]
    self.init(inputTokens: tokens?["input_tokens"]?.int, outputTokens: tokens?["output_tokens"]?.int)
    cachedInputTokens = json["cached_tokens"]?.int
  }
}
