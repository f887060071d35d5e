// OpenAI's chat completion chunks, and what others made of them.

/// Reads `chat.completion.chunk` frames of OpenAI and of the many who speak its language.
///
/// Deviations need no switch as long as they can be told from the bytes: usage in any of its places, reasoning
/// under any of its names, complete objects among the chunks, calls without an index. What cannot be told
/// stands in ``OpenAIChatQuirks``.
struct OpenAIChatReader: WireReader {
  var quirks = OpenAIChatQuirks()
  private var pieces = CallPieces()
  private var reasoningField: ReasoningField?
  private var sourceField: SourceField?
  private var sourcesTold = 0
  private var isDone = false
  private var summedUsage: Usage?
  private var hasDeltas = false
  /// The texts that whole messages told.
  private var messages: [Int: String] = [:]

  /// Where the reasoning stands: the first place that has any is the only one that is read, because gateways
  /// repeat the same words under several names.
  private enum ReasoningField { case content, plain, text, details }

  private enum SourceField { case citations, searchResults }

  init(quirks: OpenAIChatQuirks = OpenAIChatQuirks()) { self.quirks = quirks }

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    if !answer.knowsNames { answer.identify(id: json["id"]?.string, model: json["model"]?.string) }
    for (key, value) in json.members {
      if key.equals("choices") {
        for choice in value.elements { read(choice: choice, in: json, &answer) }
      } else if key.equals("usage") {
        read(usage: value, timings: json["timings"], &answer)
      } else if key.equals("x_groq") {
        if let usage = value["usage"] { answer.usage.merge(Usage(openAI: usage)) }
      } else if key.equals("prompt_progress") {
        tell(progress: value, &answer)
      } else if key.equals("citations") {
        tell(sources: value, .citations, &answer)
      } else if key.equals("search_results") {
        tell(sources: value, .searchResults, &answer)
      } else if key.equals("object"), value.equals("chat.completion.done") || value.equals("chat.completion")
      {
        isDone = true
      }
    }
  }

  mutating func readEndMark(_ answer: inout Assembler) {
    guard answer.isStarted else {
      return answer.fail(ProviderError(.protocolViolation, "the end mark came before the first chunk"))
    }
    if !answer.hasFinished { answer.warn(.missingFinish, "the end mark came without a finish reason") }
    answer.end()
  }

  mutating func readEnd(_ answer: inout Assembler) {
    guard answer.hasFinished else { return answer.truncate() }
    if !isDone && quirks.endMark == .expected {
      answer.warn(.missingEndMark, "the stream ended after its finish, without [DONE]")
    }
    answer.end()
  }

  private mutating func read(choice: JSONCursor, in chunk: JSONCursor, _ answer: inout Assembler) {
    let number = choice["index"]?.int ?? 0
    answer.begin()
    answer.expect(number)
    if let error = choice["error"], let body = ErrorBody(["error": error.value]) {
      return answer.fail(ProviderError(body, snippet: Array(choice.bytes)))
    }
    if let message = choice["message"],
      choice["delta"] == nil || chunk["object"]?.equals("chat.completion") == true
    {
      // A complete object, alone or among chunks.
      read(message: message, of: number, &answer)
    } else if let delta = choice["delta"] {
      hasDeltas = true
      read(delta: delta, of: number, &answer)
    } else if let text = choice["text"]?.string {
      // The older completions.
      answer.text(text, in: .implicit(number))
    }
    if let usage = choice["usage"] { answer.usage.merge(Usage(openAI: usage)) }
    if let raw = choice["finish_reason"]?.nonempty {
      if raw == "error" {
        return answer.fail(ProviderError(.serverError, "the provider stopped with an error", code: raw))
      }
      pieces.flush(&answer)
      answer.finish(
        Finish(FinishReason(openAI: raw), raw: raw, stopSequence: choice["stop_reason"]?.string),
        choice: number)
    }
  }

  /// A whole message: all there is, or a repetition of what the deltas said, or the answer so far once more.
  private mutating func read(message: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    if hasDeltas, !answer.emitted.isNothing { return }
    // Whoever does not stream sends no end mark.
    isDone = true
    guard let whole = message["content"]?.string, let told = messages[choice] else {
      messages[choice] = message["content"]?.string
      return read(delta: message, of: choice, &answer)
    }
    let rest = whole.hasPrefix(told) ? String(whole.dropFirst(told.count)) : whole
    messages[choice] = whole.hasPrefix(told) ? whole : told + whole
    answer.text(rest, in: .implicit(choice))
    for call in message.elements("tool_calls") { pieces.read(call, of: choice, quirks, &answer) }
  }

  private mutating func read(delta: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    for (key, value) in delta.members {
      if value.kind == .null { continue }
      if key.equals("content") {
        read(content: value, of: choice, &answer)
      } else if key.equals("tool_calls") {
        if value.isObject { pieces.read(value, of: choice, quirks, &answer) }
        for call in value.elements { pieces.read(call, of: choice, quirks, &answer) }
      } else if key.equals("role") {
        continue
      } else if key.equals("reasoning_content") {
        read(reasoning: value, .content, of: choice, &answer)
      } else if key.equals("reasoning") {
        read(reasoning: value, .plain, of: choice, &answer)
      } else if key.equals("reasoning_text") {
        read(reasoning: value, .text, of: choice, &answer)
      } else if key.equals("reasoning_details") {
        read(reasoningDetails: value, of: choice, &answer)
      } else if key.equals("reasoning_opaque") {
        answer.signature(value.string ?? "", in: .implicit(choice))
      } else if key.equals("refusal") {
        answer.refusal(value.string ?? "", in: .implicit(choice))
      } else if key.equals("function_call") {
        pieces.read(legacy: value, of: choice, &answer)
      } else if key.equals("annotations") {
        for annotation in value.elements {
          let citation = annotation["url_citation"] ?? annotation
          if let url = citation["url"]?.string { answer.source(url: url, title: citation["title"]?.string) }
        }
      } else if key.equals("images") {
        for image in value.elements {
          if let url = image["image_url"]?["url"]?.string { answer.emit(.file(.init(url: url))) }
        }
      } else if key.equals("audio") {
        answer.raw("audio", value)
      }
    }
  }

  /// A text, or parts as Mistral sends them.
  private mutating func read(content: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    if let text = content.string { return answer.text(text, in: .implicit(choice)) }
    if content.isObject { return read(part: content, of: choice, &answer) }
    for part in content.elements { read(part: part, of: choice, &answer) }
  }

  private mutating func read(part: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    if let thinking = part["thinking"] {
      if let text = thinking.string { answer.reasoning(text, in: .implicit(choice)) }
      for piece in thinking.elements { answer.reasoning(piece["text"]?.string ?? "", in: .implicit(choice)) }
    } else if let text = part.string ?? part["text"]?.string {
      answer.text(text, in: .implicit(choice))
    } else {
      answer.raw(part["type"]?.string ?? "content", part)
    }
  }

  private mutating func read(
    reasoning: JSONCursor, _ field: ReasoningField, of choice: Int, _ answer: inout Assembler
  ) {
    guard let text = reasoning.nonempty else { return }
    if reasoningField == nil { reasoningField = field }
    if reasoningField == field { answer.reasoning(text, in: .implicit(choice)) }
  }

  private mutating func read(reasoningDetails: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    for detail in reasoningDetails.elements {
      if let text = (detail["text"] ?? detail["summary"])?.nonempty {
        // In the same delta the plain field may come after this one.
        if reasoningField == nil { reasoningField = .details }
        if reasoningField == .details { answer.reasoning(text, in: .implicit(choice)) }
      }
      if let signature = (detail["signature"] ?? detail["data"])?.nonempty {
        answer.signature(signature, in: .implicit(choice))
      }
    }
  }

  private mutating func read(usage json: JSONCursor, timings: JSONCursor?, _ answer: inout Assembler) {
    guard json.isObject else { return }
    var usage = Usage(openAI: json)
    if let timings {
      usage.timing = Usage.Timing(llamaCpp: timings)
      if answer.hasSeveralChoices {
        // llama.cpp counts each of several answers by itself.
        var sum = summedUsage ?? Usage()
        sum.outputTokens = (sum.outputTokens ?? 0) + (usage.outputTokens ?? 0)
        sum.inputTokens = usage.inputTokens
        sum.totalTokens = (sum.inputTokens ?? 0) + (sum.outputTokens ?? 0)
        summedUsage = sum
        usage.merge(sum)
      }
    }
    if !answer.isStarted, usage.isEmpty { return }
    answer.begin()
    answer.usage.merge(usage)
  }

  /// llama.cpp tells how much of the prompt it has read.
  private func tell(progress: JSONCursor, _ answer: inout Assembler) {
    guard let total = progress["total"]?.double, let done = progress["processed"]?.double, total > 0 else {
      return
    }
    answer.emit(.promptProgress(min(1, max(0, done / total))))
  }

  /// Lists of sources come again with every chunk; only what is new is told.
  private mutating func tell(sources: JSONCursor, _ field: SourceField, _ answer: inout Assembler) {
    guard sources.isArray else { return }
    if sourceField == nil { sourceField = field }
    guard sourceField == field else { return }
    var position = 0
    for source in sources.elements {
      defer { position += 1 }
      guard position >= sourcesTold else { continue }
      answer.source(url: source.string ?? source["url"]?.string, title: source["title"]?.string)
    }
    sourcesTold = max(sourcesTold, position)
  }
}

extension FinishReason {
  /// The words of OpenAI and of those who speak its language.
  init(openAI raw: String) {
    switch raw {
    case "stop", "eos", "eos_token", "stop_sequence", "end_turn", "completed": self = .stop
    case "length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded":
      self = .length
    case "tool_calls", "function_call", "tool_use", "tool_call": self = .toolCalls
    case "content_filter", "sensitive", "safety": self = .contentFilter
    case "refusal": self = .refusal
    case "pause_turn": self = .pause
    default: self = .other(raw)
    }
  }
}

extension Usage {
  /// OpenAI's `usage`, with what others added to it.
  init(openAI json: JSONCursor) {
    self.init(
      inputTokens: (json["prompt_tokens"] ?? json["input_tokens"])?.int,
      outputTokens: (json["completion_tokens"] ?? json["output_tokens"])?.int,
      totalTokens: json["total_tokens"]?.int)
    let prompt = json["prompt_tokens_details"] ?? json["input_tokens_details"]
    let completion = json["completion_tokens_details"] ?? json["output_tokens_details"]
    reasoningTokens = (completion?["reasoning_tokens"] ?? json["reasoning_tokens"])?.int
    cachedInputTokens =
      (prompt?["cached_tokens"] ?? json["prompt_cache_hit_tokens"] ?? json["cached_tokens"])?.int
    cacheWriteTokens = (prompt?["cache_write_tokens"] ?? json["cache_creation_input_tokens"])?.int
    if let total = totalTokens, let input = inputTokens, let output = outputTokens,
      let thoughts = reasoningTokens, thoughts > 0, total == input + output + thoughts
    {
      // xAI counts the thoughts beside the answer.
      reasoning = .separate
    }
  }
}

extension Usage.Timing {
  init?(llamaCpp timings: JSONCursor) {
    guard timings.isObject else { return nil }
    self.init()
    prompt = timings["prompt_ms"]?.double.flatMap { .delay(seconds: $0 / 1000) }
    generation = timings["predicted_ms"]?.double.flatMap { .delay(seconds: $0 / 1000) }
  }
}
