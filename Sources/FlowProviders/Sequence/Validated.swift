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
    var complaints: [String] = []
    // What is put in may need something itself: a text its run, then its own start.
    while case .needs(let missing, let reason) = grammar.judge(event) {
      if policy == .strict { throw ChatGrammarViolation(reason) }
      complaints.append(reason)
      if policy == .repair { events.append(.warning(Warning(.sequence, reason))) }
      for missing in missing {
        grammar.take(missing)
        if policy == .repair { events.append(missing) }
      }
    }
    if case .misplaced(let reason) = grammar.judge(event) {
      switch policy {
      case .strict: throw ChatGrammarViolation(reason)
      case .report: complaints.append(reason)
      // Behind the terminal not even a warning has a place.
      case .repair:
        if !grammar.isEnded { events.append(.warning(Warning(.sequence, reason))) }
        return
      }
    } else {
      grammar.take(event)
    }
    events.append(event)
    if policy == .report { for reason in complaints { events.append(.warning(Warning(.sequence, reason))) } }
  }

  mutating func finish(into events: inout [ChatEvent]) throws {
    if grammar.isEnded || policy == .report { return }
    throw ProviderError(.truncated, "the answer has no end")
  }
}
