// Ollama's lines.

/// Reads Ollama's lines: of `/api/chat`, whose words stand in `message`, and of `/api/generate`, whose words stand
/// in `response`. The last line says `done`, and may still carry words.
struct OllamaReader: WireReader {
  private var nextCall = 0

  init() {}

  /// Some put Ollama's OpenAI layer where its own protocol was promised.
  func other(for json: JSONCursor) -> (any WireReader)? {
    json["choices"] != nil && json["done"] == nil ? OpenAIChatReader() : nil
  }

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    if !answer.isStarted {
      answer.identify(id: nil, model: json["model"]?.string)
      answer.begin()
      answer.expect(0)
    }
    let slot = Slot.implicit(0)
    let words = json["message"] ?? json
    answer.reasoning(words["thinking"]?.string ?? "", in: slot)
    answer.text((words["content"] ?? words["response"])?.string ?? "", in: slot)
    for call in words.elements("tool_calls") { read(call: call, &answer) }
    for image in words.elements("images") { answer.emit(.file(.init(base64: image.string))) }
    if let image = json["image"]?.nonempty { answer.emit(.file(.init(base64: image))) }
    if json["done"]?.bool == true {
      answer.usage.merge(Usage(ollama: json))
      let raw = json["done_reason"]?.nonempty
      answer.finish(Finish(FinishReason(ollama: raw), raw: raw))
      answer.end()
    }
  }

  mutating func readEndMark(_ answer: inout Assembler) {}

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }

  /// Calls come whole, their arguments as an object.
  private mutating func read(call: JSONCursor, _ answer: inout Assembler) {
    let function = call["function"] ?? call
    answer.closeBlock(.implicit(0))
    let slot = Slot(number: nextCall)
    nextCall += 1
    answer.startCall(
      OpenCall(
        slot: slot, id: (call["id"] ?? function["id"])?.string ?? "", name: function["name"]?.string ?? ""))
    guard let open = answer.call(slot) else { return }
    answer.completeCall(at: open, whole: function["arguments"].map { $0.string ?? $0.source })
  }
}

extension FinishReason {
  /// Older versions give no reason.
  fileprivate init(ollama raw: String?) {
    switch raw {
    case nil, "stop"?, "load"?, "unload"?: self = .stop
    case "length"?: self = .length
    case let raw?: self = FinishReason(openAI: raw)
    }
  }
}

extension Usage {
  /// Ollama counts durations in nanoseconds.
  fileprivate init(ollama json: JSONCursor) {
    self.init(inputTokens: json["prompt_eval_count"]?.int, outputTokens: json["eval_count"]?.int)
    var timing = Timing()
    timing.load = json["load_duration"]?.int.map { .nanoseconds($0) }
    timing.prompt = json["prompt_eval_duration"]?.int.map { .nanoseconds($0) }
    timing.generation = json["eval_duration"]?.int.map { .nanoseconds($0) }
    if timing != Timing() { self.timing = timing }
  }
}
