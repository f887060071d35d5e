// Anthropic's Messages.

/// Reads the events of Anthropic's Messages API: named content blocks that open, grow and close.
struct AnthropicReader: WireReader {
  /// The arguments that stood in the start of a call already.
  private var inputs: [Int: String] = [:]
  private var isStopped = false

  init() {}

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    guard let type = json["type"] else { return answer.raw(name.string, json) }
    if type.equals("content_block_delta") {
      read(delta: json["delta"], at: index(json), json, &answer)
    } else if type.equals("content_block_start") {
      if let block = json["content_block"] { start(block, at: index(json), &answer) }
    } else if type.equals("content_block_stop") {
      stop(at: index(json), &answer)
    } else if type.equals("ping") {
      answer.emit(.heartbeat)
    } else if type.equals("message_start") {
      if let message = json["message"] { start(message: message, &answer) }
    } else if type.equals("message_delta") {
      read(ending: json["delta"], &answer)
      if let usage = json["usage"] { answer.usage.merge(Usage(anthropic: usage)) }
    } else if type.equals("message_stop") {
      isStopped = true
    } else if type.equals("message") {
      // A complete message: the server did not stream.
      start(message: json, &answer)
      isStopped = true
    } else {
      answer.raw(type.string ?? "", json)
    }
  }

  /// Another message may follow in the same body, so that the last stop is known only at the end of the bytes.
  mutating func readEnd(_ answer: inout Assembler) {
    guard isStopped else { return answer.truncate() }
    // What stood in a start counts also when the block was never closed.
    for index in inputs.keys.sorted() { stop(at: index, &answer) }
    answer.end()
  }

  func isComplete(_ answer: Assembler) -> Bool { isStopped }

  private func index(_ json: JSONCursor) -> Int { json["index"]?.int ?? 0 }

  // MARK: Messages

  private mutating func start(message: JSONCursor, _ answer: inout Assembler) {
    if answer.isStarted {
      // A gateway repeats the start, or splices another message on: what is open will not be closed.
      answer.closeBlocks()
      while !answer.calls.isEmpty { answer.completeCall(at: 0, isFinished: false) }
      answer.forgetCalls()
    }
    isStopped = false
    inputs = [:]
    answer.identify(id: message["id"]?.string, model: message["model"]?.string)
    answer.begin()
    answer.expect(0)
    if let usage = message["usage"] { answer.usage.merge(Usage(anthropic: usage)) }
    var position = 0
    for block in message.elements("content") {
      start(block, at: position, &answer)
      stop(at: position, &answer)
      position += 1
    }
    read(ending: message, &answer)
  }

  private func read(ending: JSONCursor?, _ answer: inout Assembler) {
    guard let ending, let raw = ending["stop_reason"]?.nonempty else { return }
    let details = ending["stop_details"]
    answer.refinish(
      Finish(
        FinishReason(anthropic: raw), raw: raw, stopSequence: ending["stop_sequence"]?.string,
        detail: (details?["explanation"] ?? details?["category"])?.string))
  }

  // MARK: Blocks

  private mutating func start(_ block: JSONCursor, at index: Int, _ answer: inout Assembler) {
    let slot = Slot(number: index)
    let type = block["type"]?.string ?? ""
    switch type {
    case "text":
      answer.opened(.text, slot)
      answer.text(block["text"]?.string ?? "", in: slot)
      for citation in block.elements("citations") { tell(citation, &answer) }
    case "thinking":
      answer.opened(.reasoning, slot)
      answer.reasoning(block["thinking"]?.string ?? "", in: slot)
      answer.signature(block["signature"]?.string ?? "", in: slot)
    case "redacted_thinking":
      answer.opened(.reasoning, slot)
      answer.signature(block["data"]?.string ?? "", in: slot)
    case "tool_use", "server_tool_use", "mcp_tool_use":
      if let input = block["input"], input.isObject, !input.isEmpty {
        inputs[index] = input.source
      }
      answer.startCall(
        OpenCall(
          slot: slot, id: block["id"]?.string ?? "", name: block["name"]?.string ?? "",
          telling: type == "tool_use" ? .live : .hosted))
    case _ where type.hasSuffix("_tool_result"):
      tell(result: block, type, &answer)
    default:
      answer.raw(type, block)
    }
  }

  private mutating func read(
    delta: JSONCursor?, at index: Int, _ json: JSONCursor, _ answer: inout Assembler
  ) {
    guard let delta, let type = delta["type"] else { return }
    let slot = Slot(number: index)
    if type.equals("text_delta") {
      answer.text(delta["text"]?.string ?? "", in: slot)
    } else if type.equals("input_json_delta") {
      let piece = delta["partial_json"]?.string ?? ""
      if let call = answer.call(slot) {
        answer.arguments(piece, at: call)
      } else if !piece.isEmpty {
        answer.warn(.latePiece, "arguments of a call that is not open")
      }
    } else if type.equals("thinking_delta") {
      answer.reasoning(delta["thinking"]?.string ?? "", in: slot)
    } else if type.equals("signature_delta") {
      answer.signature(delta["signature"]?.string ?? "", in: slot)
    } else if type.equals("citations_delta") {
      if let citation = delta["citation"] { tell(citation, &answer) }
    } else {
      answer.raw(type.string ?? "", delta)
    }
  }

  private mutating func stop(at index: Int, _ answer: inout Assembler) {
    let slot = Slot(number: index)
    let input = inputs.removeValue(forKey: index)
    if let call = answer.call(slot) {
      answer.completeCall(at: call, whole: answer.calls[call].arguments.isEmpty ? input : nil)
    } else {
      answer.closeBlock(slot)
    }
  }

  private func tell(result: JSONCursor, _ type: String, _ answer: inout Assembler) {
    let content = result["content"]
    let isFailure =
      result["is_error"]?.bool == true || content?["type"]?.string?.hasSuffix("_error") == true
    answer.begin()
    answer.emit(
      .hostedToolResult(
        ToolResult(
          id: result["tool_use_id"]?.string ?? "", name: String(type.dropLast("_tool_result".count)),
          content: content.map { $0.string ?? $0.source } ?? "", outcome: isFailure ? .failure : .success)))
  }

  private func tell(_ citation: JSONCursor, _ answer: inout Assembler) {
    answer.source(
      url: (citation["url"] ?? citation["source"])?.string,
      title: (citation["title"] ?? citation["document_title"])?.string, quote: citation["cited_text"]?.string)
  }
}

extension FinishReason {
  init(anthropic raw: String) {
    switch raw {
    case "end_turn", "stop_sequence": self = .stop
    case "max_tokens", "model_context_window_exceeded": self = .length
    case "tool_use": self = .toolCalls
    case "pause_turn": self = .pause
    case "refusal": self = .refusal
    default: self = .other(raw)
    }
  }
}

extension Usage {
  /// Anthropic's running totals. Its input does not count what came from the cache or went into it.
  init(anthropic json: JSONCursor) {
    self.init(inputTokens: json["input_tokens"]?.int, outputTokens: json["output_tokens"]?.int)
    cachedInputTokens = json["cache_read_input_tokens"]?.int
    cacheWriteTokens = json["cache_creation_input_tokens"]?.int
    reasoningTokens = json["output_tokens_details"]?["thinking_tokens"]?.int
    cache = .separate
  }
}
