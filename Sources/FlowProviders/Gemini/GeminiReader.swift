// Gemini's generateContent, streamed.

/// Reads the fragments of `streamGenerateContent`: each is a whole response with the next parts of its candidates.
///
/// A finish reason may stand in every fragment and more may follow it, so that the last one counts, and only the
/// end of the bytes ends the run. The newer Interactions, told by their event types, are understood too.
struct GeminiReader: WireReader {
  private var streamed: [Int: StreamedCall] = [:]
  private var nextCall = 0
  private var sourcesTold: Set<String> = []

  /// A call whose arguments come piece by piece.
  private struct StreamedCall: Sendable {
    var slot: Slot
    var arguments = GeminiArguments()
  }

  init() {}

  func other(for json: JSONCursor) -> (any WireReader)? {
    let isInteraction = json["event_type"] != nil || json["object"]?.equals("interaction") == true
    return isInteraction ? GeminiInteractionsReader() : nil
  }

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    // A gateway of Google's wraps the response once more.
    let json = json["response"] ?? json
    answer.identify(id: json["responseId"]?.string, model: json["modelVersion"]?.string)
    answer.begin()
    if let usage = json["usageMetadata"] { answer.usage.merge(Usage(gemini: usage)) }
    for candidate in json.elements("candidates") { read(candidate: candidate, &answer) }
    if let raw = json["promptFeedback"]?["blockReason"]?.nonempty {
      answer.refinish(
        Finish(.contentFilter, raw: raw, detail: json["promptFeedback"]?["blockReasonMessage"]?.string))
    }
  }

  mutating func readEndMark(_ answer: inout Assembler) { readEnd(&answer) }

  mutating func readEnd(_ answer: inout Assembler) {
    if answer.hasFinished {
      for choice in streamed.keys.sorted() { complete(choice, &answer) }
      answer.end()
    } else {
      answer.truncate()
    }
  }

  private mutating func read(candidate: JSONCursor, _ answer: inout Assembler) {
    let choice = candidate["index"]?.int ?? 0
    answer.expect(choice)
    for part in candidate.elements("content", "parts") {
      read(part: part, of: choice, &answer)
    }
    for citation in candidate.elements("citationMetadata", "citations") {
      tell(url: citation["uri"]?.string, title: citation["title"]?.string, &answer)
    }
    for chunk in candidate.elements("groundingMetadata", "groundingChunks") {
      if let web = chunk["web"] ?? chunk["retrievedContext"] ?? chunk["maps"] {
        tell(url: web["uri"]?.string, title: web["title"]?.string, &answer)
      }
    }
    if let raw = candidate["finishReason"]?.nonempty, raw != "FINISH_REASON_UNSPECIFIED" {
      answer.refinish(
        Finish(FinishReason(gemini: raw), raw: raw, detail: candidate["finishMessage"]?.string),
        choice: choice)
    }
  }

  private mutating func read(part: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    let slot = Slot.implicit(choice)
    let signature = (part["thoughtSignature"] ?? part["thought_signature"])?.nonempty
    if let call = part["functionCall"] {
      return read(call: call, signature, of: choice, &answer)
    }
    if streamed[choice] != nil, part["text"]?.nonempty != nil { complete(choice, &answer) }
    if let text = part["text"]?.string {
      if part["thought"]?.bool == true {
        answer.reasoning(text, in: slot)
      } else {
        answer.text(text, in: slot)
      }
      if let signature { answer.signature(signature, in: slot) }
    } else if let code = part["executableCode"] {
      nextCall += 1
      answer.emit(
        .hostedToolCall(ToolCall(id: "code_\(nextCall)", name: "code_execution", arguments: code.source)))
    } else if let result = part["codeExecutionResult"] {
      let isSuccess = result["outcome"].map { $0.equals("OUTCOME_OK") } ?? true
      answer.emit(
        .hostedToolResult(
          ToolResult(
            id: "code_\(nextCall)", name: "code_execution", content: result["output"]?.string ?? "",
            outcome: isSuccess ? .success : .failure)))
    } else if let data = part["inlineData"] ?? part["inline_data"] {
      answer.emit(
        .file(.init(mimeType: (data["mimeType"] ?? data["mime_type"])?.string, base64: data["data"]?.string)))
    } else if let file = part["fileData"] {
      answer.emit(.file(.init(mimeType: file["mimeType"]?.string, url: file["fileUri"]?.string)))
    } else if !part.isEmpty {
      answer.raw("part", part)
    }
  }

  // MARK: Calls

  private mutating func read(
    call: JSONCursor, _ signature: String?, of choice: Int, _ answer: inout Assembler
  ) {
    let goesOn = call["willContinue"]?.bool == true
    if let name = call["name"]?.nonempty {
      if streamed[choice] != nil { complete(choice, &answer) }
      answer.closeBlock(.implicit(choice))
      let slot = Slot(choice: choice, number: nextCall)
      nextCall += 1
      answer.startCall(OpenCall(slot: slot, id: call["id"]?.string ?? "", name: name, signature: signature))
      if !goesOn, call["partialArgs"] == nil {
        guard let open = answer.call(slot) else { return }
        return answer.completeCall(at: open, whole: call["args"].map { $0.string ?? $0.source })
      }
      streamed[choice] = StreamedCall(slot: slot)
    }
    for piece in call.elements("partialArgs") { streamed[choice]?.arguments.add(piece) }
    if !goesOn { complete(choice, &answer) }
  }

  private mutating func complete(_ choice: Int, _ answer: inout Assembler) {
    guard var call = streamed.removeValue(forKey: choice), let open = answer.call(call.slot) else { return }
    answer.completeCall(at: open, whole: call.arguments.finish().text)
  }

  private mutating func tell(url: String?, title: String?, _ answer: inout Assembler) {
    // Metadata comes again with every fragment.
    if sourcesTold.insert(url ?? title ?? "").inserted { answer.source(url: url, title: title) }
  }
}

extension FinishReason {
  init(gemini raw: String) {
    switch raw {
    case "STOP": self = .stop
    case "MAX_TOKENS": self = .length
    case "SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY",
      "IMAGE_RECITATION",
      "IMAGE_PROHIBITED_CONTENT", "MODEL_ARMOR":
      self = .contentFilter
    case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS",
      "MISSING_THOUGHT_SIGNATURE",
      "MALFORMED_RESPONSE":
      self = .error
    default: self = .other(raw)
    }
  }
}

extension Usage {
  /// Gemini counts the thoughts beside the candidates.
  init(gemini json: JSONCursor) {
    self.init(
      inputTokens: json["promptTokenCount"]?.int, outputTokens: json["candidatesTokenCount"]?.int,
      totalTokens: json["totalTokenCount"]?.int)
    reasoningTokens = json["thoughtsTokenCount"]?.int
    cachedInputTokens = json["cachedContentTokenCount"]?.int
    reasoning = .separate
  }
}
