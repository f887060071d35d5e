// Which call a piece belongs to.

/// Finds the call that a piece of `tool_calls` means.
///
/// The index says it, by the protocol. In fact indices start at 1, have gaps, are missing, or are always 0 while the ids
/// change; ids come late, come empty, or change with each piece; names are repeated.
struct CallPieces: Sendable {
  private struct Known: Sendable {
    var choice: Int
    var index: Int?
    var slot: Slot
    var id: String
    /// Held back while more of the name may come.
    var name: String
  }

  private var known: [Known] = []
  private var next = 0

  mutating func read(
    _ piece: JSONCursor, of choice: Int, _ quirks: OpenAIChatQuirks, _ answer: inout Assembler
  ) {
    let function = piece["function"] ?? piece["custom"] ?? piece
    let index = piece["index"]?.int
    let id = piece["id"]?.nonempty
    let name = function["name"]?.nonempty
    let arguments = function["arguments"] ?? function["input"] ?? function["parameters"]
    let text = arguments.map { $0.string ?? $0.source } ?? ""
    let form: ToolCall.Form = piece["custom"] == nil ? .function : .custom
    let position =
      find(choice, index, id, name, hasArguments: !text.isEmpty, answer)
      ?? add(choice, index, id, name, form, quirks, &answer)
    learn(position, id, name, quirks, &answer)
    if let extra = piece["extra_content"] { learn(position, extra, &answer) }
    if text.isEmpty { return }
    tellName(position, &answer)
    guard let call = answer.call(known[position].slot) else {
      return answer.warn(.latePiece, "a piece of a call that had ended")
    }
    // Some repeat the whole call at the end.
    if answer.calls[call].arguments == text, answer.calls[call].hasCompleteArguments { return }
    answer.arguments(text, at: call)
  }

  /// The single call of the protocol before tools.
  mutating func read(legacy call: JSONCursor, of choice: Int, _ answer: inout Assembler) {
    let name = call["name"]?.nonempty
    let position =
      known.firstIndex { $0.choice == choice && $0.index == -1 }
      ?? add(choice, -1, nil, name, .function, OpenAIChatQuirks(), &answer)
    if let open = answer.call(known[position].slot), let text = call["arguments"]?.nonempty {
      answer.arguments(text, at: open)
    }
  }

  /// Nothing more comes: names that were held back are whole.
  mutating func flush(_ answer: inout Assembler) {
    for position in known.indices { tellName(position, &answer) }
  }

  private func find(
    _ choice: Int, _ index: Int?, _ id: String?, _ name: String?, hasArguments: Bool, _ answer: Assembler
  ) -> Int? {
    if let id, let same = known.lastIndex(where: { $0.choice == choice && $0.id == id }) { return same }
    // A piece that only continues may have an index where the first had none.
    let continues = id == nil && name == nil
    guard
      let candidate = known.lastIndex(where: {
        $0.choice == choice && (index == nil || $0.index == index || (continues && $0.index == nil))
      })
    else {
      // An index that nobody has begun, and nothing but arguments: more of the call that is on its way.
      guard continues, hasArguments, let last = known.lastIndex(where: { $0.choice == choice }) else {
        return nil
      }
      return isComplete(last, answer) ? nil : last
    }
    if id != nil {
      // Another id with a name is another call; without one it is the same call under a new id.
      if index == nil { return nil }
      return name != nil && !known[candidate].id.isEmpty ? nil : candidate
    }
    guard name != nil, !known[candidate].name.isEmpty, hasArguments else { return candidate }
    // No id, but a name once more: a new call if the one before has all its arguments.
    return isComplete(candidate, answer) ? nil : candidate
  }

  /// The call has ended, or has all its arguments.
  private func isComplete(_ position: Int, _ answer: Assembler) -> Bool {
    answer.call(known[position].slot).map { answer.calls[$0].hasCompleteArguments } ?? true
  }

  private mutating func add(
    _ choice: Int, _ index: Int?, _ id: String?, _ name: String?, _ form: ToolCall.Form,
    _ quirks: OpenAIChatQuirks,
    _ answer: inout Assembler
  ) -> Int {
    let slot = Slot(choice: choice, number: next)
    next += 1
    known.append(Known(choice: choice, index: index, slot: slot, id: id ?? "", name: name ?? ""))
    answer.closeBlock(.implicit(choice))
    let told = quirks.names == .whole ? name ?? "" : ""
    answer.startCall(OpenCall(slot: slot, id: id ?? "", name: told, form: form))
    return known.count - 1
  }

  private mutating func learn(
    _ position: Int, _ id: String?, _ name: String?, _ quirks: OpenAIChatQuirks, _ answer: inout Assembler
  ) {
    guard let call = answer.call(known[position].slot) else { return }
    if let id, known[position].id.isEmpty {
      known[position].id = id
      if answer.calls[call].place == nil { answer.name(call, id: id) }
    }
    guard let name, name != known[position].name else { return }
    if known[position].name.isEmpty {
      known[position].name = name
      if quirks.names == .whole { answer.name(call, name: name) }
    } else if quirks.names == .inPieces, answer.calls[call].name.isEmpty {
      known[position].name += name
    }
  }

  /// Gemini's OpenAI form wants its signatures back.
  private func learn(_ position: Int, _ extra: JSONCursor, _ answer: inout Assembler) {
    guard let call = answer.call(known[position].slot),
      let signature = extra["google"]?["thought_signature"]?.nonempty
    else { return }
    answer.calls[call].signature = signature
  }

  private mutating func tellName(_ position: Int, _ answer: inout Assembler) {
    guard let call = answer.call(known[position].slot), answer.calls[call].name.isEmpty,
      !known[position].name.isEmpty
    else { return }
    answer.name(call, name: known[position].name)
  }
}

extension OpenCall {
  /// The arguments are a whole JSON value.
  var hasCompleteArguments: Bool { (try? JSONValue(parsing: arguments)) != nil }
}
