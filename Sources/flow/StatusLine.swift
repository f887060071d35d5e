// How an answer is coming along, for people at a terminal.
import FlowProviders

/// Times and counts an answer while it comes.
struct AnswerMeter: Sendable {
  private let start: ContinuousClock.Instant
  private var first: ContinuousClock.Instant?
  private var last: ContinuousClock.Instant?
  private var pieces = 0
  private(set) var usage: Usage?
  private(set) var finish: Finish?

  init(at now: ContinuousClock.Instant) {
    start = now
    last = now
  }

  mutating func note(_ event: ChatEvent, at now: ContinuousClock.Instant) {
    switch event {
    case .textDelta, .reasoningDelta, .refusalDelta, .toolArgumentsDelta, .toolCallStarted:
      pieces += 1
      first = first ?? now
      last = now
    case .usage(let new):
      var sum = usage ?? Usage()
      sum.add(new)
      usage = sum
    case .finished(let finish): self.finish = finish
    default: break
    }
  }

  /// `first token 0.21 s · 48 tokens · 35.2 tokens/s · stop`
  var summary: String {
    var parts: [String] = []
    if let first { parts.append("first token \((first - start).shortText)") }
    parts.append(used)
    if let speed { parts.append("\(speed.withOneDigit) tokens/s") }
    if let finish { parts.append(finish.reason.name) }
    return parts.joined(separator: " · ")
  }

  /// What is known to have been used. Where the provider has told nothing, a piece of the answer counts as a token.
  var used: String {
    let input = usage?.allInputTokens.map { "\($0) tokens read, " } ?? ""
    if let output = usage?.allOutputTokens { return input + "\(output) tokens" }
    return input + (pieces == 0 ? "no token" : "about \(pieces) tokens")
  }

  /// Tokens for each second after the first; `nil` when nothing can be said.
  private var speed: Double? {
    guard let first, let last, last > first else { return nil }
    let tokens = usage?.allOutputTokens ?? pieces
    return tokens > 1 ? Double(tokens - 1) / (last - first).inSeconds : nil
  }
}

/// A line on the standard error that is there while something is waited for. Nothing when nobody would see it.
struct StatusLine: Sendable {
  private var isShown = false

  mutating func show(_ text: String) {
    guard Terminal.isErrorSeen else { return }
    Terminal.error("\r\u{1B}[K\u{1B}[2m\(text)\u{1B}[0m")
    isShown = true
  }

  mutating func clear() {
    if isShown { Terminal.error("\r\u{1B}[K") }
    isShown = false
  }

  /// A line that stays.
  func leave(_ text: String) {
    if Terminal.isErrorSeen { Terminal.error("\u{1B}[2m\(text)\u{1B}[0m\n") }
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
  /// `0.21 s`
  var shortText: String {
    let hundredths = Int((inSeconds * 100).rounded())
    let rest = hundredths % 100
    return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) s"
  }
}

extension Double {
  fileprivate var withOneDigit: String {
    let tenths = Int((self * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
