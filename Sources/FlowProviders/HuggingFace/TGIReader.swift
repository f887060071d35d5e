// Hugging Face's text generation inference.

/// Reads the tokens of `/generate_stream`: one frame a token; the last one carries the whole text and why it ended.
/// The chat endpoint of the same server speaks OpenAI's language, and is understood too.
struct TGIReader: WireReader {
  init() {}

  func other(for json: JSONCursor) -> (any WireReader)? {
    json["choices"] == nil ? nil : OpenAIChatReader(quirks: OpenAIChatQuirks(endMark: .unusual))
  }

  mutating func read(_ json: JSONCursor, named name: FrameName, _ answer: inout Assembler) {
    answer.begin()
    answer.expect(0)
    if let token = json["token"] {
      // Marks of the model's own language are not for readers.
      if token["special"]?.bool != true { answer.text(token["text"]?.string ?? "", in: .implicit(0)) }
    }
    let details = json["details"]
    let whole = json["generated_text"]
    guard whole != nil || details != nil else { return }
    if json["token"] == nil { answer.text(whole?.string ?? "", in: .implicit(0)) }
    if let details {
      answer.usage.merge(
        Usage(inputTokens: details["input_length"]?.int, outputTokens: details["generated_tokens"]?.int))
    }
    let raw = details?["finish_reason"]?.nonempty
    answer.finish(Finish(raw.map { FinishReason(openAI: $0) } ?? .stop, raw: raw))
    answer.end()
  }

  mutating func readEndMark(_ answer: inout Assembler) {}

  mutating func readEnd(_ answer: inout Assembler) { answer.truncate() }
}
