// Holds a sequence of events to the grammar.
import Flows

/// What to do with an event that stands where it must not.
public enum SequencePolicy: Sendable, Hashable {
  /// The flow fails with ``ChatGrammarViolation``.
  case strict
  /// What is missing is put in, what cannot be put right is left out, each with a warning.
  case repair
  /// Everything passes, with a warning behind what is wrong.
  case report
}

extension Flow where Element == ChatEvent {
  /// Holds the events to the grammar of ``ChatEvent``.
  ///
  ///     source             -deltaA-|
  ///     validated(repair)  -started-roundStarted-textStarted-deltaA-X
  ///
  /// **Completion.** A flow that completes without a terminal has broken off: under `strict` and `repair` it fails with
  /// a ``ProviderError`` of the kind `truncated`. What comes after the terminal is left out under `repair`.
  /// **Failure.** A failure may come anywhere; the grammar allows it.
  public func validated(_ policy: SequencePolicy) -> Flow {
    expanded { Validation(policy: policy) }
  }
}

private struct Validation: Expander {
  let policy: SequencePolicy
  private var grammar = ChatGrammar()

  init(policy: SequencePolicy) { self.policy = policy }

  mutating func expand(_ event: ChatEvent, into events: inout [ChatEvent]) throws {
    switch grammar.judge(event) {
    case .right: accept(event, &events)
    case .needs(let missing, let reason):
      switch policy {
      case .strict: throw ChatGrammarViolation(reason)
      case .report:
        events.append(event)
        for missing in missing { grammar.take(missing) }
        grammar.take(event)
        warn(reason, &events)
      case .repair:
        warn(reason, &events)
        for missing in missing { accept(missing, &events) }
        accept(event, &events)
      }
    case .misplaced(let reason):
      switch policy {
      case .strict: throw ChatGrammarViolation(reason)
      case .report:
        events.append(event)
        warn(reason, &events)
      case .repair: warn(reason, &events)
      }
    }
  }

  mutating func finish(into events: inout [ChatEvent]) throws {
    if grammar.isEnded || policy == .report { return }
    throw ProviderError(.truncated, "the answer has no end")
  }

  private mutating func accept(_ event: ChatEvent, _ events: inout [ChatEvent]) {
    grammar.take(event)
    events.append(event)
  }

  private func warn(_ reason: String, _ events: inout [ChatEvent]) {
    // Behind the terminal not even a warning has a place, unless all is to be reported.
    if grammar.isEnded && policy == .repair { return }
    events.append(.warning(Warning(.sequence, reason)))
  }
}
