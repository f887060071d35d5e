// Tool calls: pieces that become whole.

/// A call whose arguments are on their way.
struct OpenCall: Sendable {
  var slot: Slot
  var id: String
  var name: String
  var form = ToolCall.Form.function
  var telling = Telling.live
  var signature: String?
  var arguments = ""
  /// Set when the start was told.
  var place: ChatEvent.Place?

  /// When a call is told of.
  enum Telling {
    /// From its start.
    case live
    /// When it is complete and it is clear what it is.
    case complete
    /// When it is complete, as a call that the provider runs.
    case hosted
  }
}

extension Assembler {
  func call(_ slot: Slot) -> Int? { calls.firstIndex { $0.slot == slot } }

  /// A call begins. It is told of when its name and its id are known, or when it is complete.
  mutating func startCall(_ call: OpenCall) {
    begin()
    expect(call.slot.choice)
    calls.append(call)
    tell(calls.count - 1)
  }

  /// A call that comes in one piece.
  mutating func whole(_ call: ToolCall) {
    closeBlocks()
    let open = OpenCall(
      slot: Slot(number: nextBlock), id: call.id, name: call.name, form: call.form, signature: call.signature)
    startCall(open)
    if let index = self.call(open.slot) { completeCall(at: index, whole: call.arguments) }
  }

  /// The call's name or id, when they come later.
  mutating func name(_ index: Int, id: String? = nil, name: String? = nil) {
    if let id { calls[index].id = id }
    if let name { calls[index].name = name }
    tell(index)
  }

  mutating func arguments(_ piece: String, at index: Int) {
    if piece.isEmpty { return }
    calls[index].arguments += piece
    if let place = calls[index].place { emit(.toolArgumentsDelta(piece, id: calls[index].id, place)) }
  }

  private mutating func tell(_ index: Int, isComplete: Bool = false) {
    let call = calls[index]
    let isKnown = call.telling == .live && !call.name.isEmpty && !call.id.isEmpty
    guard call.place == nil, isComplete || isKnown else { return }
    if call.id.isEmpty { calls[index].id = madeUpID }
    let place = newPlace(call.slot.choice)
    calls[index].place = place
    emit(.toolCallStarted(.init(id: calls[index].id, name: call.name), place))
    if !call.arguments.isEmpty { emit(.toolArgumentsDelta(call.arguments, id: calls[index].id, place)) }
  }

  /// Unlike those of other answers, as far as the answer has a name of its own; short, since providers that want
  /// it back have limits.
  private var madeUpID: String {
    guard let name = answerID else { return "call_\(nextBlock)" }
    let hash = name.utf8.reduce(0x811C_9DC5 as UInt32) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    return "call_\(String(hash, radix: 16))_\(nextBlock)"
  }

  /// The call at `index` is complete.
  /// - Parameters:
  ///   - whole: the complete arguments, where the provider repeats them: they count more than the pieces.
  ///   - isFinished: the model had said all of it; otherwise the answer broke off, and what parses may still
  ///     be a mere beginning.
  mutating func completeCall(at index: Int, whole: String? = nil, isFinished: Bool = true) {
    if calls[index].telling == .hosted {
      return emit(.hostedToolCall(takeCall(at: index, whole: whole, isFinished: isFinished)))
    }
    tell(index, isComplete: true)
    let place = calls[index].place ?? newPlace(calls[index].slot.choice)
    if let whole, calls[index].arguments.isEmpty, !whole.isEmpty {
      emit(.toolArgumentsDelta(whole, id: calls[index].id, place))
    }
    let call = takeCall(at: index, whole: whole, isFinished: isFinished)
    noteCall(in: place.choice)
    emitted.toolCalls += 1
    emit(.toolCall(call, place))
  }

  /// Takes the call at `index`, which is complete, out without telling of it.
  mutating func takeCall(at index: Int, whole: String? = nil, isFinished: Bool = true) -> ToolCall {
    var call = calls.remove(at: index)
    if let whole, !whole.isEmpty, whole != call.arguments {
      if !call.arguments.isEmpty {
        warn(.argumentsDiffer, "the complete arguments of \(call.name) differ from their pieces")
      }
      call.arguments = whole
    }
    return call.completed(isFinished: isFinished)
  }

  /// Completes what is open of a choice that has ended.
  mutating func completeCalls(of choice: Int) {
    let reason = finish(of: choice)?.reason
    let isFinished = reason != .length && reason != .contentFilter && reason != .error && reason != .refusal
    while let index = calls.firstIndex(where: { $0.slot.choice == choice }) {
      completeCall(at: index, isFinished: isFinished)
    }
  }
}

extension OpenCall {
  func completed(isFinished: Bool) -> ToolCall {
    var complete = ToolCall(id: id, name: name, arguments: arguments, form: form, signature: signature)
    if name.isEmpty { complete.problem = .unfinished }
    guard form == .function else {
      if !isFinished { complete.problem = .unfinished }
      return complete
    }
    if arguments.utf8.allSatisfy({ $0 <= 0x20 }) {
      // A tool without arguments gets none; one that was cut off before they began must not run.
      if isFinished { complete.arguments = "{}" } else { complete.problem = .unfinished }
      return complete
    }
    do {
      let value = try JSONValue(parsing: arguments)
      // A number may be the beginning of a longer one; an object is complete when it closes.
      if !isFinished, value.object == nil { complete.problem = .unfinished }
    } catch {
      let error = error as? JSONError
      complete.problem = error.flatMap { $0.reason == .endOfText ? nil : .malformed($0) } ?? .unfinished
    }
    return complete
  }
}
