// Cohere's chat, version 1.

/// Reads the events of the first version, one JSON object a line: words, searches, citations, calls, and an end that
/// repeats everything.
struct CohereFirstReader: WireReader {
  private var hasCalls = false
  private var hasText = false

  init() {}

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    let type = json["event_type"]?.string ?? name.string
    switch type {
    case "stream-start":
      answer.identify(id: json["generation_id"]?.string, model: nil)
      answer.begin()
      answer.expect(0)
    case "text-generation":
      hasText = true
      answer.text(json["text"]?.string ?? "", in: .implicit(0))
    case "tool-calls-chunk": read(chunk: json, &answer)
    case "tool-calls-generation": read(calls: json, &answer)
    case "citation-generation":
      for citation in json.elements("citations") { tell(citation, &answer) }
    case "stream-end": end(json, &answer)
    default: answer.raw(type, json)
    }
  }

  mutating func readEndMark(_ answer: inout Assembler) {}

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }

  private static func slot(_ index: Int) -> Slot { Slot(number: index) }

  /// A piece of the plan, or of a call.
  private mutating func read(chunk json: JSONCursor, _ answer: inout Assembler) {
    answer.reasoning(json["text"]?.string ?? "", in: .implicit(0))
    guard let piece = json["tool_call_delta"] else { return }
    let slot = CohereFirstReader.slot(piece["index"]?.int ?? 0)
    if let name = piece["name"]?.nonempty, answer.call(slot) == nil {
      answer.closeBlock(.implicit(0))
      hasCalls = true
      answer.startCall(OpenCall(slot: slot, id: "", name: name))
    }
    if let open = answer.call(slot), let parameters = piece["parameters"] {
      answer.arguments(parameters.string ?? parameters.source, at: open)
    }
  }

  /// The whole calls, which count more than their pieces.
  private mutating func read(calls json: JSONCursor, _ answer: inout Assembler) {
    answer.closeBlock(.implicit(0))
    for (index, call) in json.elements("tool_calls").enumerated() {
      let slot = CohereFirstReader.slot(index)
      if answer.call(slot) == nil {
        guard answer.emitted.toolCalls <= index else { continue }
        answer.startCall(OpenCall(slot: slot, id: "", name: call["name"]?.string ?? ""))
      }
      hasCalls = true
      guard let open = answer.call(slot) else { continue }
      // The pieces were told; the same value in other words is no difference.
      let whole = call["parameters"].map { $0.string ?? $0.source }
      let isWhole = answer.calls[open].hasCompleteArguments
      answer.completeCall(at: open, whole: isWhole ? nil : whole)
    }
  }

  private func tell(_ citation: JSONCursor, _ answer: inout Assembler) {
    let quote = citation["text"]?.string
    var isTold = false
    for document in citation.elements("document_ids") {
      answer.source(url: nil, title: document.string, quote: quote)
      isTold = true
    }
    if !isTold { answer.source(url: nil, quote: quote) }
  }

  private mutating func end(_ json: JSONCursor, _ answer: inout Assembler) {
    let response = json["response"]
    answer.identify(id: response?["generation_id"]?.string, model: nil)
    answer.begin()
    answer.expect(0)
    if !hasText { answer.text(response?["text"]?.string ?? "", in: .implicit(0)) }
    if let response, !hasCalls || !answer.calls.isEmpty { read(calls: response, &answer) }
    if let usage = response?["meta"] { answer.usage.merge(Usage(cohere: usage)) }
    CohereReader.finish(json["finish_reason"]?.nonempty, error: json["error"]?.string, &answer)
  }
}
