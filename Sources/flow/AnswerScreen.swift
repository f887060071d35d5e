// Shows an answer while it comes.
import FlowProviders

/// How the events of an answer are shown.
enum AnswerForm: Sendable {
  /// The text as it comes; with what else a person wants to see where a person sees it.
  case text
  /// One JSON object a line, an event each.
  case json
}

/// Writes events to the standard output as they come.
struct AnswerScreen: Sendable {
  private let form: AnswerForm
  private let isSeen: Bool
  private var text = MaskedText(Terminal.mask)
  private var status = StatusLine()
  private var meter: AnswerMeter
  private var isDim = false
  private var atLineStart = true
  private var sources: [ChatEvent.Source] = []
  /// Where the last piece of text belongs.
  private var place: ChatEvent.Place?

  init(_ form: AnswerForm, waitingFor who: String) {
    self.form = form
    isSeen = Terminal.isOutSeen
    meter = AnswerMeter(at: .now)
    if form == .text { status.show("waiting for \(who) …") }
  }

  /// What is known to have been used so far.
  var used: String { meter.used }
  var usage: Usage? { meter.usage }

  mutating func show(_ event: ChatEvent) throws {
    meter.note(event, at: .now)
    if form == .json { return try showLine(event) }
    switch event {
    case .textDelta(let piece, _), .refusalDelta(let piece, _): try write(piece)
    case .reasoningDelta(let piece, _): if isSeen { try write(piece, dim: true) }
    case .textEnded, .reasoningEnded: try flush()
    case .toolCall(let call, _): try writeLine("→ \(call.name) \(call.arguments)\(call.remark)")
    case .hostedToolCall(let call): try writeLine("→ \(call.name) \(call.arguments) (the provider runs it)")
    case .source(let source): sources.append(source)
    case .modelLoad(let progress): status.show("loading the model, \(Int(progress * 100)) %")
    case .promptProgress(let progress): status.show("reading the prompt, \(Int(progress * 100)) %")
    case .warning(let warning):
      if Terminal.isErrorSeen {
        try startLine()
        status.leave("warning: \(warning.message)".onOneLine)
      }
    case .started, .roundStarted, .textStarted, .reasoningStarted, .reasoningSignature, .toolCallStarted,
      .toolArgumentsDelta, .hostedToolResult, .file, .raw, .usage, .rateLimits, .heartbeat, .roundEnded,
      .finished, .failed, .cancelled:
      break
    }
  }

  /// The answer is over, in whatever way: the rest of the line, what it rests on, and how it went.
  mutating func end(_ terminal: ChatEvent? = nil) throws {
    status.clear()
    if form == .json {
      try flushLine()
      if let terminal { try Terminal.out(terminal.jsonLine + "\n") }
      return
    }
    try flush()
    try startLine()
    for source in sources {
      let words = [source.title, source.url].compactMap(\.self).joined(separator: " ")
      if !words.isEmpty { try writeLine("[\(words)]") }
    }
    status.leave(meter.summary)
  }

  // MARK: Lines

  /// Text is masked across its pieces, so what a server repeats bit by bit is not told bit by bit.
  private mutating func showLine(_ event: ChatEvent) throws {
    guard case .textDelta(let piece, let place) = event, !piece.isEmpty else {
      if case .textEnded = event { try flushLine() }
      return try Terminal.out(event.jsonLine + "\n")
    }
    let masked = text.add(piece)
    self.place = place
    if !masked.isEmpty { try Terminal.out(ChatEvent.textDelta(masked, place).jsonLine + "\n") }
  }

  private mutating func flushLine() throws {
    let rest = text.finish()
    if let place, !rest.isEmpty { try Terminal.out(ChatEvent.textDelta(rest, place).jsonLine + "\n") }
  }

  // MARK: Writing

  private mutating func write(_ piece: String, dim: Bool = false) throws {
    status.clear()
    if dim != isDim {
      try startLine()
      if dim { try Terminal.out("\u{1B}[2m") }
      isDim = dim
    }
    try put(text.add(piece))
  }

  private mutating func flush() throws { try put(text.finish()) }

  private mutating func put(_ text: String) throws {
    guard let last = text.last else { return }
    atLineStart = last.isNewline
    try Terminal.out(isSeen ? text.withoutControls : text)
  }

  private mutating func startLine() throws {
    try flush()
    if isDim { try Terminal.out("\u{1B}[0m") }
    isDim = false
    if !atLineStart { try put("\n") }
  }

  private mutating func writeLine(_ line: String) throws {
    status.clear()
    try startLine()
    try put(line.onOneLine + "\n")
  }
}

extension ToolCall {
  fileprivate var remark: String {
    switch problem {
    case nil: ""
    case .malformed: " (not well-formed)"
    case .unfinished: " (unfinished)"
    }
  }
}
