// The events of several attempts as those of one answer.

/// What an attempt has come to, as far as the consumer knows of it.
enum AnswerProgress: Equatable {
  /// Nothing was said: another attempt may begin from the beginning.
  case nothing
  /// This text was said, and can be gone on with.
  case text(String)
  /// What was said cannot be taken back, nor gone on with.
  case fixed
}

/// Makes one answer of attempts that follow one another: one start, one terminal, blocks that are numbered through, and
/// nothing said twice.
///
/// The events before the first token of an attempt wait for it, so that an attempt that fails before leaves nothing but
/// asides. When answers are to be gone on with, tool calls wait for the end of their round: a call that was half said is
/// said again, by somebody else. Usage is added up.
struct Stitch {
  private let isContinued: Bool
  private(set) var emitted = ProviderError.Emitted()
  /// What waits for the first token of the present attempt.
  private var opening: [ChatEvent] = []
  /// The present attempt has said something.
  private var hasToken = false
  /// Something of the answer was delivered.
  private var hasDelivered = false
  private var isFixed = false

  // Only when answers are gone on with.
  private var isFirst = true
  private var text = ""
  private var overlap = Overlap(before: "")
  /// The place of the first text of a continuation, in its own words and in those of the answer.
  private var joint: ChatEvent.Place?
  private var places: [Int: Int] = [:]
  private var nextBlock = 0
  private var openTexts: [ChatEvent.Place] = []
  private var openThoughts: [ChatEvent.Place] = []
  private var calls: [ChatEvent] = []
  private var hasStarted = false
  private var openRound: Int?
  private var rounds = 0
  private var firstRound = 0
  private var usage: Usage?
  private var spent: Usage?

  init(isContinued: Bool) { self.isContinued = isContinued }

  var progress: AnswerProgress {
    if !hasDelivered { return .nothing }
    if !isContinued || isFixed { return .fixed }
    return text.isEmpty ? .nothing : .text(text)
  }

  /// Takes in the next event of the present attempt.
  mutating func take(_ event: ChatEvent, into events: inout [ChatEvent]) {
    if hasToken || event.isAside { return tell(event, into: &events) }
    guard event.isToken || event.isTerminal else { return opening.append(event) }
    hasToken = true
    for early in opening { tell(early, into: &events) }
    opening = []
    tell(event, into: &events)
  }

  /// The present attempt has failed, and another one follows.
  mutating func seam(after error: ProviderError, into events: inout [ChatEvent]) {
    opening = []
    hasToken = false
    guard isContinued else { return }
    isFirst = false
    calls = []
    // What was held back was said already.
    overlap = Overlap(before: text)
    joint = nil
    places = [:]
    for place in openThoughts { emit(.reasoningEnded(place), into: &events) }
    openThoughts = []
    // The last is gone on with.
    for place in openTexts.dropLast() { emit(.textEnded(place), into: &events) }
    openTexts = openTexts.suffix(1)
    firstRound = openRound ?? rounds
    settle(usage ?? error.emitted.usage)
  }

  /// The answer ends with a failure: what is complete of it comes before.
  mutating func breakOff(into events: inout [ChatEvent]) {
    if isContinued { tellCalls(onlyWhole: true, into: &events) }
  }

  /// What is known to have been used by all attempts.
  func used(with error: ProviderError) -> Usage? {
    var copy = self
    copy.settle(usage ?? error.emitted.usage)
    return copy.spent
  }

  private mutating func settle(_ used: Usage?) {
    usage = nil
    guard let used else { return }
    if spent == nil { spent = used } else { spent?.add(used) }
  }

  private mutating func emit(_ event: ChatEvent, into events: inout [ChatEvent]) {
    emitted.note(event)
    if event.isToken { hasDelivered = true }
    events.append(event)
  }

  private mutating func tell(_ event: ChatEvent, into events: inout [ChatEvent]) {
    guard isContinued else { return emit(event, into: &events) }
    switch event {
    case .started:
      if hasStarted { return }
      hasStarted = true
      emit(event, into: &events)
    case .roundStarted(let index):
      if openRound == firstRound + index { return }
      openRound = firstRound + index
      emit(.roundStarted(firstRound + index), into: &events)
    case .roundEnded(let index, let finish): endRound(firstRound + index, finish, into: &events)
    case .textStarted(let place):
      if !isFirst, joint == nil {
        joint = place
        if let open = openTexts.last {
          places[place.block] = open.block
          return
        }
      }
      openTexts.append(own(place))
      emit(.textStarted(own(place)), into: &events)
    case .textDelta(let piece, let place): tell(piece, place, into: &events)
    case .textEnded(let place):
      if place == joint { tell(overlap.end(), at: own(place), into: &events) }
      let place = own(place)
      openTexts.removeAll { $0 == place }
      emit(.textEnded(place), into: &events)
    case .reasoningStarted(let place):
      openThoughts.append(own(place))
      emit(.reasoningStarted(own(place)), into: &events)
    case .reasoningDelta(let piece, let place): emit(.reasoningDelta(piece, own(place)), into: &events)
    case .reasoningSignature(let piece, let place):
      emit(.reasoningSignature(piece, own(place)), into: &events)
    case .reasoningEnded(let place):
      let place = own(place)
      openThoughts.removeAll { $0 == place }
      emit(.reasoningEnded(place), into: &events)
    case .refusalDelta(let piece, let place):
      isFixed = true
      emit(.refusalDelta(piece, own(place)), into: &events)
    case .toolCallStarted(let start, let place): calls.append(.toolCallStarted(start, own(place)))
    case .toolArgumentsDelta(let piece, let id, let place):
      calls.append(.toolArgumentsDelta(piece, id: id, own(place)))
    case .toolCall(let call, let place): calls.append(.toolCall(call, own(place)))
    case .usage(let usage):
      if self.usage == nil { self.usage = usage } else { self.usage?.merge(usage) }
    default: emit(event, into: &events)
    }
  }

  private mutating func tell(_ piece: String, _ place: ChatEvent.Place, into events: inout [ChatEvent]) {
    if overlap.isDecided || place != joint {
      tell(piece, at: own(place), into: &events)
    } else {
      tell(overlap.take(piece), at: own(place), into: &events)
    }
  }

  private mutating func tell(_ piece: String, at place: ChatEvent.Place, into events: inout [ChatEvent]) {
    if piece.isEmpty { return }
    text += piece
    emit(.textDelta(piece, place), into: &events)
  }

  private mutating func endRound(_ index: Int, _ finish: Finish, into events: inout [ChatEvent]) {
    // The attempt has said nothing more to a text that the one before left open.
    for place in openTexts { emit(.textEnded(place), into: &events) }
    openTexts = []
    tellCalls(onlyWhole: false, into: &events)
    settle(usage)
    if let spent { emit(.usage(spent), into: &events) }
    spent = nil
    openRound = nil
    rounds = index + 1
    emit(.roundEnded(index, finish), into: &events)
  }

  private mutating func tellCalls(onlyWhole: Bool, into events: inout [ChatEvent]) {
    let whole = calls.compactMap { if case .toolCall(_, let place) = $0 { place } else { nil } }
    for event in calls where !onlyWhole || event.place.map(whole.contains) == true {
      emit(event, into: &events)
    }
    calls = []
  }

  /// The place in the answer of what stands at `place` in the present attempt.
  private mutating func own(_ place: ChatEvent.Place) -> ChatEvent.Place {
    if isFirst {
      nextBlock = max(nextBlock, place.block + 1)
      return place
    }
    if let block = places[place.block] { return ChatEvent.Place(choice: place.choice, block: block) }
    places[place.block] = nextBlock
    nextBlock += 1
    return ChatEvent.Place(choice: place.choice, block: nextBlock - 1)
  }
}
