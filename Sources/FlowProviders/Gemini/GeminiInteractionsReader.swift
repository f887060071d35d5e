// Gemini's Interactions.

/// Reads the events of Gemini's Interactions API: steps that open, grow and close.
struct GeminiInteractionsReader: WireReader {
  private var steps: [Int: Step] = [:]

  private struct Step: Sendable {
    var type: String
    var id: String
    var content = ""
  }

  init() {}

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    let type = json["event_type"]?.string ?? name.string
    let index = json["index"]?.int ?? 0
    switch type {
    case "interaction.created", "interaction.start":
      answer.identify(id: json["interaction"]?["id"]?.string, model: json["interaction"]?["model"]?.string)
      answer.begin()
      answer.expect(0)
    case "interaction.status_update": break
    case "step.start", "content.start": start(json["step"] ?? json["content"], index, &answer)
    case "step.delta", "content.delta":
      if let delta = json["delta"] { grow(delta, index, &answer) }
    case "step.stop", "content.stop": stop(index, &answer)
    case "interaction.completed", "interaction.complete", "interaction.requires_action":
      end(json["interaction"], &answer)
    case "" where json["object"]?.equals("interaction") == true: read(whole: json, &answer)
    default: answer.raw(type, json)
    }
  }

  /// A complete interaction: the server did not stream.
  private mutating func read(whole json: JSONCursor, _ answer: inout Assembler) {
    answer.identify(id: json["id"]?.string, model: json["model"]?.string)
    answer.begin()
    answer.expect(0)
    for (index, step) in json.elements("steps").enumerated() {
      start(step, index, &answer)
      if let signature = step["signature"]?.nonempty, steps[index]?.type == "thought" {
        answer.signature(signature, in: Slot(number: index))
      }
      if steps[index]?.content.isEmpty == true, let content = step["arguments"] ?? step["result"] {
        steps[index]?.content = content.string ?? content.source
      }
      stop(index, &answer)
    }
    end(json, &answer)
  }

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }

  private mutating func start(_ step: JSONCursor?, _ index: Int, _ answer: inout Assembler) {
    guard let step else { return }
    let type = step["type"]?.string ?? ""
    steps[index] = Step(type: type, id: (step["call_id"] ?? step["id"])?.string ?? "")
    if type == "function_call" { open(step, index, &answer) }
    if let text = step["text"]?.nonempty { answer.text(text, in: Slot(number: index)) }
    for content in step.elements("content") { grow(content, index, &answer) }
  }

  private mutating func open(_ call: JSONCursor, _ index: Int, _ answer: inout Assembler) {
    answer.startCall(
      OpenCall(
        slot: Slot(number: index), id: call["id"]?.string ?? "", name: call["name"]?.string ?? "",
        signature: call["signature"]?.nonempty))
    if let arguments = call["arguments"], !arguments.isEmpty || arguments.nonempty != nil {
      steps[index]?.content = arguments.string ?? arguments.source
    }
  }

  private mutating func grow(_ delta: JSONCursor, _ index: Int, _ answer: inout Assembler) {
    let slot = Slot(number: index)
    let type = delta["type"]?.string ?? ""
    switch type {
    case "text":
      // The older form has no start for a text.
      answer.text(delta["text"]?.string ?? "", in: slot)
    case "thought_summary", "thought":
      let words = delta["content"]?["text"] ?? delta["thought"] ?? delta["text"]
      answer.reasoning(words?.string ?? "", in: slot)
    case "thought_signature": answer.signature(delta["signature"]?.string ?? "", in: slot)
    case "arguments_delta", "arguments":
      if let call = answer.call(slot), let piece = delta["arguments"] ?? delta["partial_arguments"] {
        answer.arguments(piece.string ?? piece.source, at: call)
      }
    case "function_call":
      if answer.call(slot) == nil { open(delta, index, &answer) }
      if let arguments = delta["arguments"], arguments.isObject { steps[index]?.content = arguments.source }
    case "text_annotation", "text_annotation_delta":
      for annotation in delta.elements("annotations") {
        answer.source(
          url: (annotation["url"] ?? annotation["source"])?.string, title: annotation["title"]?.string)
      }
    case "image", "audio", "video", "document":
      answer.begin()
      answer.emit(
        .file(
          .init(
            mimeType: delta["mime_type"]?.string, base64: delta["data"]?.string, url: delta["uri"]?.string)))
    case _ where type.hasSuffix("_call"): steps[index]?.content = delta["arguments"]?.source ?? "{}"
    case _ where type.hasSuffix("_result"):
      steps[index]?.content = delta["result"].map { $0.string ?? $0.source } ?? ""
    default: answer.raw(type, delta)
    }
  }

  private mutating func stop(_ index: Int, _ answer: inout Assembler) {
    let slot = Slot(number: index)
    let step = steps.removeValue(forKey: index)
    if let call = answer.call(slot) {
      let whole = answer.calls[call].arguments.isEmpty ? step?.content : nil
      return answer.completeCall(at: call, whole: whole)
    }
    answer.closeBlock(slot)
    guard let step else { return }
    if step.type.hasSuffix("_call") {
      let name = String(step.type.dropLast("_call".count))
      answer.emit(.hostedToolCall(ToolCall(id: step.id, name: name, arguments: step.content)))
    } else if step.type.hasSuffix("_result") {
      let name = String(step.type.dropLast("_result".count))
      answer.emit(.hostedToolResult(ToolResult(id: step.id, name: name, content: step.content)))
    }
  }

  private mutating func end(_ interaction: JSONCursor?, _ answer: inout Assembler) {
    answer.identify(id: interaction?["id"]?.string, model: interaction?["model"]?.string)
    if let usage = interaction?["usage"] { answer.usage.merge(Usage(interactions: usage)) }
    let status = interaction?["status"]?.string ?? "completed"
    switch status {
    case "failed":
      let body = interaction?["error"].flatMap { ErrorBody(["error": $0.value]) }
      answer.fail(
        body.map { ProviderError($0) } ?? ProviderError(.serverError, "the interaction failed without a word")
      )
    case "cancelled": answer.fail(ProviderError(.cancelled, "the interaction was cancelled"))
    case "incomplete", "budget_exceeded": finish(.length, status, &answer)
    case "requires_action": finish(.toolCalls, status, &answer)
    default: finish(.stop, status, &answer)
    }
  }

  private func finish(_ reason: FinishReason, _ raw: String, _ answer: inout Assembler) {
    answer.finish(Finish(reason, raw: raw))
    answer.end()
  }
}

extension Usage {
  fileprivate init(interactions json: JSONCursor) {
    self.init(
      inputTokens: json["total_input_tokens"]?.int, outputTokens: json["total_output_tokens"]?.int,
      totalTokens: json["total_tokens"]?.int)
    reasoningTokens = (json["total_thought_tokens"] ?? json["total_reasoning_tokens"])?.int
    cachedInputTokens = json["total_cached_tokens"]?.int
    reasoning = .separate
  }
}
