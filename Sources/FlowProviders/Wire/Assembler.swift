// Turns what the decoders say into a sequence that keeps the grammar.

/// What every decoder tells, in one vocabulary; what comes out is the sequence that ``ChatEvent`` promises.
///
/// The decoders know their protocol, this knows the grammar: it opens and closes blocks, rounds and the run,
/// collects calls and usage, and lets nothing pass after the terminal.
struct Assembler: Sendable {
  /// What has happened and was not handed out yet, from `handedOut` on.
  private var events: [ChatEvent] = []
  private var handedOut = 0
  private(set) var isEnded = false
  var emitted = ProviderError.Emitted()
  /// The provider's running totals of this round.
  var usage = Usage()

  private var start = ChatEvent.Started()
  private(set) var isStarted = false
  private var round = 0
  var nextBlock = 0
  var open: [OpenBlock] = []
  var calls: [OpenCall] = []
  private var choices: [Choice] = []

  struct OpenBlock: Sendable {
    enum Kind { case text, reasoning, refusal }
    var slot: Slot
    var kind: Kind
    var place: ChatEvent.Place
  }

  struct Choice: Sendable {
    var number: Int
    var finish: Finish?
    /// The client has to run something before this choice can go on.
    var hasCalls = false
  }

  init() {}

  /// Hands out the oldest of what has happened.
  mutating func next() -> ChatEvent? {
    guard handedOut < events.count else { return nil }
    let event = events[handedOut]
    handedOut &+= 1
    if handedOut == events.count { forget() }
    return event
  }

  /// Hands out all that has happened.
  mutating func take(into others: inout [ChatEvent]) {
    others.append(contentsOf: events[handedOut...])
    forget()
  }

  private mutating func forget() {
    events.removeAll(keepingCapacity: true)
    handedOut = 0
  }

  @inline(__always)
  mutating func emit(_ event: ChatEvent) {
    if isEnded { return }
    emitted.events &+= 1
    events.append(event)
  }
}

/// How a decoder names a block or a call: by its choice, and by a number that is unique among what is open in it.
struct Slot: Hashable, Sendable {
  var choice = 0
  var number: Int

  /// For protocols that do not number their blocks: one text or reasoning at a time.
  static func implicit(_ choice: Int) -> Slot { Slot(choice: choice, number: -1) }
}

// MARK: - The run and its rounds

extension Assembler {
  /// Learns the answer's names. What is empty teaches nothing; what is known stays.
  mutating func identify(id: String?, model: String?) {
    if start.id == nil, let id, !id.isEmpty { start.id = id }
    if start.model == nil, let model, !model.isEmpty { start.model = model }
  }

  var answerID: String? { start.id }
  var knowsNames: Bool { start.id != nil && start.model != nil }

  /// The answer has begun.
  @inline(__always)
  mutating func begin() {
    if !isStarted { beginFirst() }
  }

  private mutating func beginFirst() {
    isStarted = true
    emit(.started(start))
    emit(.roundStarted(0))
  }

  /// The round has ended in calls that the provider ran; the next begins.
  mutating func nextRound() {
    begin()
    closeBlocks()
    emit(.roundEnded(round, Finish(.toolCalls)))
    round += 1
    emit(.roundStarted(round))
  }

  /// Remembers why a choice ended. The first word counts.
  /// - Parameter closing: whether nothing more belongs to the choice: its blocks end and its calls are complete.
  mutating func finish(_ finish: Finish, choice: Int = 0, closing: Bool = true) {
    begin()
    let index = position(of: choice)
    if choices[index].finish == nil { choices[index].finish = finish }
    if closing {
      closeBlocks(of: choice)
      completeCalls(of: choice)
    }
  }

  /// Puts another reason in the place of the one that is remembered: for protocols whose last word counts.
  mutating func refinish(_ finish: Finish, choice: Int = 0) {
    let index = position(of: choice)
    choices[index].finish = nil
    self.finish(finish, choice: choice, closing: false)
  }

  func finish(of choice: Int) -> Finish? { choices.first { $0.number == choice }?.finish }

  /// At least one choice has begun, and all that have begun have said why they ended.
  var hasFinished: Bool { !choices.isEmpty && choices.allSatisfy { $0.finish != nil } }

  var hasSeveralChoices: Bool { choices.count > 1 }

  /// The positive end: closes whatever is open and ends the run.
  mutating func end() {
    if isEnded { return }
    begin()
    closeBlocks()
    for choice in choices { completeCalls(of: choice.number) }
    if !usage.isEmpty { emit(.usage(usage.totalled)) }
    let finish = overallFinish
    emit(.roundEnded(round, finish))
    emit(.finished(finish))
    isEnded = true
  }

  private var overallFinish: Finish {
    let sorted = choices.sorted { $0.number < $1.number }
    guard let first = sorted.first else { return Finish(.stop) }
    var finish = first.finish ?? Finish(.stop)
    finish.reason = first.reason
    for choice in sorted.dropFirst() { finish.others[choice.number] = choice.reason }
    return finish
  }

  var emittedSoFar: ProviderError.Emitted {
    var emitted = emitted
    if !usage.isEmpty { emitted.usage = usage.totalled }
    return emitted
  }

  mutating func fail(_ error: ProviderError) {
    if isEnded { return }
    var error = error
    error.emitted = emittedSoFar
    emit(.failed(error))
    isEnded = true
  }

  /// The bytes are at an end and the answer is not.
  mutating func truncate() {
    fail(
      ProviderError(.truncated, isStarted ? "the stream ended before the answer did" : "the stream was empty")
    )
  }

  mutating func position(of choice: Int) -> Int {
    if let index = choices.firstIndex(where: { $0.number == choice }) { return index }
    choices.append(Choice(number: choice))
    return choices.count - 1
  }

  /// The choice exists, although it has said nothing yet.
  @inline(__always)
  mutating func expect(_ choice: Int) {
    if choices.count == 1, choices[0].number == choice { return }
    _ = position(of: choice)
  }

  mutating func noteCall(in choice: Int) { choices[position(of: choice)].hasCalls = true }

  /// The calls so far have been answered within this stream; they are not what the client has to do.
  mutating func forgetCalls() { for index in choices.indices { choices[index].hasCalls = false } }
}

extension Assembler.Choice {
  /// A turn that ends in calls for the client ends in calls, whatever the provider calls it.
  var reason: FinishReason {
    let reason = finish?.reason ?? .stop
    return reason == .stop && hasCalls ? .toolCalls : reason
  }
}

extension Assembler {
  mutating func warn(_ kind: Warning.Kind, _ message: String) { emit(.warning(Warning(kind, message))) }

  mutating func raw(_ name: String, _ json: JSONCursor) {
    begin()
    emit(.raw(ChatEvent.RawEvent(name: name, json: json.source)))
  }

  mutating func source(url: String?, title: String? = nil, quote: String? = nil) {
    begin()
    emit(.source(ChatEvent.Source(url: url, title: title, quote: quote)))
  }
}
