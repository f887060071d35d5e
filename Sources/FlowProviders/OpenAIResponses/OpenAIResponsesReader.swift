// OpenAI's Responses.

/// Reads the events of OpenAI's Responses API: output items that open, grow and close.
///
/// Items are known by their place in the output: Copilot changes their ids from event to event. What is told
/// twice, in pieces and whole, counts once; whoever sends only the whole is understood too.
struct OpenAIResponsesReader: WireReader {
  /// What has been told of the items, so that a repetition is not.
  private var told: Set<Slot> = []
  private var finishedCalls: Set<Int> = []
  private var hasItems = false
  /// Where items stand in the output whose server tells only their ids, as llama.cpp's does.
  private var places: [String: Int] = [:]

  init() {}

  /// Gateways answer with chat chunks at times.
  func other(for json: JSONCursor) -> (any WireReader)? {
    json["type"] == nil && json["choices"] != nil ? OpenAIChatReader() : nil
  }

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    guard let type = json["type"] else {
      if json["object"]?.equals("response") == true { return read(whole: json, &answer) }
      return answer.raw(name.string, json)
    }
    let output = place(json)
    if type.equals("response.output_text.delta") {
      let slot = part(json, output)
      told.insert(slot)
      answer.text(json["delta"]?.string ?? "", in: slot)
    } else if type.equals("response.reasoning_summary_text.delta")
      || type.equals("response.reasoning_text.delta")
    {
      let slot = part(json, output)
      told.insert(slot)
      answer.reasoning(json["delta"]?.string ?? "", in: slot)
    } else if type.equals("response.refusal.delta") {
      let slot = part(json, output)
      told.insert(slot)
      answer.refusal(json["delta"]?.string ?? "", in: slot)
    } else if type.equals("response.function_call_arguments.delta")
      || type.equals("response.custom_tool_call_input.delta")
      || type.equals("response.mcp_call_arguments.delta")
    {
      if let call = answer.call(Slot(number: output)) {
        answer.arguments(json["delta"]?.string ?? "", at: call)
      }
    } else {
      read(rare: json, type.string ?? "", output, &answer)
    }
  }

  /// Gateways put it behind a complete response; alone it says nothing.
  mutating func readEndMark(_ answer: inout Assembler) {}

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }

  func isComplete(_ answer: Assembler) -> Bool { false }

  private mutating func place(_ json: JSONCursor) -> Int {
    if let place = json["output_index"]?.int { return place }
    guard let id = (json["item_id"] ?? json["item"]?["id"])?.nonempty else { return 0 }
    let place = places[id] ?? places.count
    places[id] = place
    return place
  }

  private func part(_ json: JSONCursor, _ output: Int) -> Slot {
    part(output, json["content_index"]?.int, summary: json["summary_index"]?.int)
  }

  /// The parts of an item are blocks of their own: contents from 1, summaries below 0.
  private func part(_ output: Int, _ content: Int?, summary: Int? = nil) -> Slot {
    let number = summary.map { -1 - $0 } ?? 1 + (content ?? 0)
    return Slot(number: output << 20 | number & 0xFFFFF)
  }

  private mutating func read(rare json: JSONCursor, _ type: String, _ output: Int, _ answer: inout Assembler)
  {
    switch type {
    case "response.created", "response.in_progress", "response.queued":
      answer.identify(id: json["response"]?["id"]?.string, model: json["response"]?["model"]?.string)
      answer.begin()
      answer.expect(0)
    case "response.output_item.added":
      if let item = json["item"] { open(item, output, &answer) }
    case "response.output_item.done":
      if let item = json["item"] { close(item, output, &answer) }
    case "response.output_text.done", "response.reasoning_summary_text.done", "response.reasoning_text.done",
      "response.refusal.done":
      let slot = part(json, output)
      tell(json["text"] ?? json["refusal"], type, slot, &answer)
      answer.closeBlock(slot)
    case "response.function_call_arguments.done", "response.custom_tool_call_input.done",
      "response.mcp_call_arguments.done":
      finishCall(output, name: json["name"]?.nonempty, whole: json["arguments"] ?? json["input"], &answer)
    case "response.output_text.annotation.added":
      if let annotation = json["annotation"] { tell(annotation: annotation, &answer) }
    case "response.content_part.added", "response.reasoning_summary_part.added": break
    case "response.content_part.done", "response.reasoning_summary_part.done":
      answer.closeBlock(part(json, output))
    case "response.completed", "response.incomplete", "response.failed", "response.cancelled",
      "response.done":
      finish(json["response"] ?? json, type, &answer)
    case "keepalive", "ping": answer.emit(.heartbeat)
    default: answer.raw(type, json)
    }
  }

  // MARK: Items

  private mutating func open(_ item: JSONCursor, _ output: Int, _ answer: inout Assembler) {
    hasItems = true
    answer.begin()
    answer.expect(0)
    let slot = Slot(number: output)
    let id = item["call_id"]?.string ?? item["id"]?.string ?? ""
    let name = item["name"]?.string ?? ""
    switch item["type"]?.string ?? "" {
    case "function_call":
      let isWrapper = ParallelWrapper.names.contains(name)
      answer.startCall(OpenCall(slot: slot, id: id, name: name, telling: isWrapper ? .complete : .live))
    case "custom_tool_call":
      let isHosted = OpenAIResponsesReader.hostedTools.contains(name)
      answer.startCall(
        OpenCall(slot: slot, id: id, name: name, form: .custom, telling: isHosted ? .hosted : .live))
    case "mcp_call":
      answer.startCall(
        OpenCall(slot: slot, id: item["id"]?.string ?? "", name: name, telling: .hosted))
    default: break
    }
  }

  /// xAI runs these itself, under the name of a custom tool.
  private static let hostedTools: Set<String> = [
    "x_keyword_search", "x_semantic_search", "x_user_search", "x_thread_fetch", "view_x_video", "view_image",
    "web_search", "web_search_with_snippets", "browse_page", "code_execution",
  ]

  private mutating func close(_ item: JSONCursor, _ output: Int, _ answer: inout Assembler) {
    hasItems = true
    let type = item["type"]?.string ?? ""
    switch type {
    case "message": closeMessage(item, output, &answer)
    case "reasoning": closeReasoning(item, output, &answer)
    case "function_call", "custom_tool_call", "mcp_call":
      if answer.call(Slot(number: output)) == nil, !finishedCalls.contains(output) {
        open(item, output, &answer)
      }
      finishCall(output, name: item["name"]?.nonempty, whole: item["arguments"] ?? item["input"], &answer)
      if type == "mcp_call" { tell(mcpResult: item, &answer) }
    case "image_generation_call":
      if let image = item["result"]?.nonempty {
        answer.begin()
        answer.emit(.file(.init(mimeType: "image/\(item["output_format"]?.string ?? "png")", base64: image)))
      }
    default:
      tellTyped(item, type, &answer)
    }
  }

  private mutating func closeMessage(_ item: JSONCursor, _ output: Int, _ answer: inout Assembler) {
    var position = 0
    for content in item.elements("content") {
      let slot = part(output, position)
      position += 1
      let isRefusal = content["refusal"] != nil
      tell(content["text"] ?? content["refusal"], isRefusal ? "refusal" : "text", slot, &answer)
      answer.closeBlock(slot)
    }
    closeParts(of: output, &answer)
  }

  private mutating func closeReasoning(_ item: JSONCursor, _ output: Int, _ answer: inout Assembler) {
    var last = part(output, 0)
    var position = 0
    for summary in item.elements("summary") {
      last = part(output, nil, summary: position)
      tell(summary["text"], "reasoning", last, &answer)
      position += 1
    }
    position = 0
    for content in item.elements("content") {
      last = part(output, position)
      tell(content["text"], "reasoning", last, &answer)
      position += 1
    }
    if let secret = item["encrypted_content"]?.nonempty {
      // It belongs to the item, whose parts have ended.
      closeParts(of: output, &answer)
      answer.signature(secret, in: last)
    }
    closeParts(of: output, &answer)
  }

  private func closeParts(of output: Int, _ answer: inout Assembler) {
    for block in answer.open where block.slot.number >> 20 == output { answer.closeBlock(block.slot) }
  }

  /// The whole of what pieces were told of, unless they were.
  private mutating func tell(_ text: JSONCursor?, _ type: String, _ slot: Slot, _ answer: inout Assembler) {
    guard told.insert(slot).inserted, let text = text?.nonempty else { return }
    if type.contains("refusal") {
      answer.refusal(text, in: slot)
    } else if type.contains("reasoning") {
      answer.reasoning(text, in: slot)
    } else {
      answer.text(text, in: slot)
    }
  }

  // MARK: Calls

  private mutating func finishCall(
    _ output: Int, name: String?, whole: JSONCursor?, _ answer: inout Assembler
  ) {
    guard let call = answer.call(Slot(number: output)) else { return }
    if answer.calls[call].name.isEmpty {
      // Named when its item closes.
      guard let name else { return }
      answer.name(call, name: name)
    }
    finishedCalls.insert(output)
    let whole = whole.map { $0.string ?? $0.source }
    if answer.calls[call].telling == .complete {
      let wrapper = answer.takeCall(at: call, whole: whole)
      let inner = ParallelWrapper.calls(in: wrapper) ?? [wrapper]
      for (position, call) in inner.enumerated() {
        let slot = Slot(number: -1 - position)
        answer.startCall(OpenCall(slot: slot, id: call.id, name: call.name))
        if let open = answer.call(slot) { answer.completeCall(at: open, whole: call.arguments) }
      }
    } else {
      answer.completeCall(at: call, whole: whole)
    }
  }

  private func tell(mcpResult item: JSONCursor, _ answer: inout Assembler) {
    let error = item["error"]
    guard let content = error ?? item["output"] else { return }
    answer.emit(
      .hostedToolResult(
        ToolResult(
          id: item["id"]?.string ?? "", name: item["name"]?.string ?? "",
          content: content.string ?? content.source, outcome: error == nil ? .success : .failure)))
  }

  /// Tools that have an item type of their own.
  private func tellTyped(_ item: JSONCursor, _ type: String, _ answer: inout Assembler) {
    answer.begin()
    guard type.hasSuffix("_call") else { return answer.raw(type, item) }
    let id = (item["call_id"] ?? item["id"])?.string ?? ""
    let arguments = (item["action"] ?? item["operation"] ?? item["arguments"])?.source
    var call = ToolCall(id: id, name: String(type.dropLast("_call".count)))
    if let arguments {
      call.arguments = arguments
    } else {
      let fields = item.members.filter {
        !["id", "type", "status", "results", "outputs"].contains($0.key.string)
      }
      call.arguments = JSONValue.object(JSONObject(fields.map { ($0.key.string ?? "", $0.value.value) })).text
    }
    answer.emit(.hostedToolCall(call))
    if let result = item["results"] ?? item["outputs"] {
      answer.emit(.hostedToolResult(ToolResult(id: id, name: call.name, content: result.source)))
    }
  }

  private func tell(annotation: JSONCursor, _ answer: inout Assembler) {
    let citation = annotation["url_citation"] ?? annotation
    answer.source(
      url: citation["url"]?.string,
      title: (citation["title"] ?? citation["filename"] ?? citation["file_id"])?.string)
  }

  // MARK: The end

  private mutating func read(whole response: JSONCursor, _ answer: inout Assembler) {
    answer.identify(id: response["id"]?.string, model: response["model"]?.string)
    finish(response, response["status"]?.string ?? "", &answer)
  }

  private mutating func finish(_ response: JSONCursor, _ type: String, _ answer: inout Assembler) {
    answer.identify(id: response["id"]?.string, model: response["model"]?.string)
    if let usage = response["usage"], usage.isObject { answer.usage.merge(Usage(openAI: usage)) }
    let status = response["status"]?.string ?? type
    if status == "failed" || type.hasSuffix("failed") {
      let error = response["error"].flatMap { ErrorBody(["error": $0.value]) }
      return answer.fail(
        error.map { ProviderError($0, snippet: Array(response["error"]?.bytes ?? response.bytes)) }
          ?? ProviderError(.serverError, "the response failed without a word"))
    }
    if status == "cancelled" || type.hasSuffix("cancelled") {
      return answer.fail(ProviderError(.cancelled, "the response was cancelled"))
    }
    answer.begin()
    tellRest(of: response, &answer)
    if let reason = response["incomplete_details"]?["reason"]?.string {
      answer.finish(Finish(FinishReason(openAI: reason), raw: reason))
    } else {
      answer.finish(Finish(status.hasSuffix("incomplete") ? .other(status) : .stop, raw: status))
    }
    answer.end()
  }

  /// What no event told of: this was not streamed, or not all of it.
  private mutating func tellRest(of response: JSONCursor, _ answer: inout Assembler) {
    let emitted = answer.emitted
    for (output, item) in response.elements("output").enumerated() {
      let isMissing =
        switch item["type"]?.string {
        case "message": emitted.text == 0
        case "function_call", "custom_tool_call": emitted.toolCalls == 0 && answer.calls.isEmpty
        default: !hasItems && told.isEmpty
        }
      if isMissing { close(item, output, &answer) }
    }
  }
}
