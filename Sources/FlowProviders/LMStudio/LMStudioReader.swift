// LM Studio's own chat events.

/// Reads the events of LM Studio's `/api/v1/chat`: the model is loaded, the prompt read, then reasoning, calls and
/// messages. Calls are made by the server; what follows a call's result is another round.
///
/// The same server speaks OpenAI's chat and Responses and Anthropic's Messages; their events are understood too.
struct LMStudioReader: WireReader {
  private var hasResults = false
  private var call: Call?

  private struct Call: Sendable {
    var id: String
    var name: String
    var arguments = ""
  }

  private var nextCall = 0

  init() {}

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    let type = json["type"]?.string ?? name.string
    let slot = Slot.implicit(0)
    switch type {
    case "chat.start":
      answer.identify(id: nil, model: json["model_instance_id"]?.string)
      answer.begin()
      answer.expect(0)
    case "model_load.start": answer.emit(.modelLoad(0))
    case "model_load.progress": answer.emit(.modelLoad(json["progress"]?.double ?? 0))
    case "model_load.end":
      answer.usage.timing = Usage.Timing(load: json["load_time_seconds"]?.double)
      answer.emit(.modelLoad(1))
    case "prompt_processing.start":
      nextRoundIfNeeded(&answer)
      answer.emit(.promptProgress(0))
    case "prompt_processing.progress": answer.emit(.promptProgress(json["progress"]?.double ?? 0))
    case "prompt_processing.end": answer.emit(.promptProgress(1))
    case "reasoning.start":
      nextRoundIfNeeded(&answer)
      answer.opened(.reasoning, slot)
    case "reasoning.delta": answer.reasoning(json["content"]?.string ?? "", in: slot)
    case "message.start":
      nextRoundIfNeeded(&answer)
      answer.opened(.text, slot)
    case "message.delta": answer.text(json["content"]?.string ?? "", in: slot)
    case "reasoning.end", "message.end": answer.closeBlock(slot)
    case _ where type.hasPrefix("tool_call."): read(call: json, type, &answer)
    case "chat.end": end(json["result"], &answer)
    // A complete answer: the server did not stream.
    case "" where json["output"] != nil: end(json, &answer)
    default: answer.raw(type, json)
    }
  }

  mutating func readEndMark(_ answer: inout Assembler) {}

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }

  func isComplete(_ answer: Assembler) -> Bool { false }

  func other(for json: JSONCursor) -> (any WireReader)? {
    if json["choices"] != nil { return OpenAIChatReader() }
    guard let type = json["type"]?.string else { return nil }
    if type.hasPrefix("response.") { return OpenAIResponsesReader() }
    if type.hasPrefix("message_") || type.hasPrefix("content_block") { return AnthropicReader() }
    return nil
  }

  private mutating func nextRoundIfNeeded(_ answer: inout Assembler) {
    if hasResults {
      hasResults = false
      answer.nextRound()
    }
  }

  private mutating func read(call json: JSONCursor, _ type: String, _ answer: inout Assembler) {
    answer.begin()
    let name = (json["tool"] ?? json["metadata"]?["tool_name"])?.string
    switch type {
    case "tool_call.start":
      answer.closeBlock(.implicit(0))
      tellCall(&answer)
      nextCall += 1
      call = Call(id: "call_\(nextCall)", name: name ?? "")
    case "tool_call.arguments":
      if let arguments = json["arguments"] { call?.arguments = arguments.string ?? arguments.source }
    case "tool_call.success", "tool_call.failure":
      let isFailure = type == "tool_call.failure"
      if call == nil {
        nextCall += 1
        call = Call(id: "call_\(nextCall)", name: name ?? "")
      }
      guard let made = call else { return }
      if let arguments = json["arguments"], made.arguments.isEmpty {
        call?.arguments = arguments.string ?? arguments.source
      }
      tellCall(&answer)
      let content = json["output"] ?? json["reason"]
      answer.emit(
        .hostedToolResult(
          ToolResult(
            id: made.id, name: made.name, content: content.map { $0.string ?? $0.source } ?? "",
            outcome: isFailure ? .failure : .success)))
      hasResults = true
    default: answer.raw(type, json)
    }
  }

  private mutating func tellCall(_ answer: inout Assembler) {
    guard let made = call else { return }
    var open = OpenCall(slot: Slot(number: 0), id: made.id, name: made.name, telling: .hosted)
    open.arguments = made.arguments
    answer.emit(.hostedToolCall(open.completed(isFinished: true)))
    call = nil
  }

  /// What stands in an answer that was not streamed.
  private mutating func tell(whole result: JSONCursor, _ answer: inout Assembler) {
    answer.begin()
    answer.expect(0)
    let slot = Slot.implicit(0)
    for item in result.elements("output") {
      let type = item["type"]?.string ?? ""
      switch type {
      case "message", "reasoning":
        nextRoundIfNeeded(&answer)
        let words = item["content"]?.string ?? ""
        if type == "message" { answer.text(words, in: slot) } else { answer.reasoning(words, in: slot) }
        answer.closeBlock(slot)
      case "tool_call": read(call: item, "tool_call.success", &answer)
      case "invalid_tool_call": read(call: item, "tool_call.failure", &answer)
      default: answer.raw(type, item)
      }
    }
  }

  private mutating func end(_ result: JSONCursor?, _ answer: inout Assembler) {
    tellCall(&answer)
    if let result {
      answer.identify(id: nil, model: result["model_instance_id"]?.string)
      if answer.emitted.isNothing, nextCall == 0 { tell(whole: result, &answer) }
      answer.identify(id: result["response_id"]?.string, model: result["model_instance_id"]?.string)
      // Known only now, and wanted for the next turn.
      if let id = result["response_id"] { answer.raw("response_id", id) }
      if let stats = result["stats"] { answer.usage.merge(Usage(lmStudio: stats)) }
    }
    answer.finish(Finish(.stop))
    answer.end()
  }
}

extension Usage {
  fileprivate init(lmStudio stats: JSONCursor) {
    self.init(inputTokens: stats["input_tokens"]?.int, outputTokens: stats["total_output_tokens"]?.int)
    reasoningTokens = stats["reasoning_output_tokens"]?.int
    var timing = Timing(load: stats["model_load_time_seconds"]?.double) ?? Timing()
    timing.firstToken = stats["time_to_first_token_seconds"]?.double.flatMap { .delay(seconds: $0) }
    if timing != Timing() { self.timing = timing }
  }
}

extension Usage.Timing {
  fileprivate init?(load seconds: Double?) {
    guard let seconds else { return nil }
    self.init()
    load = .delay(seconds: seconds)
  }
}
