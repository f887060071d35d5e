// An answer that says nothing before it is known to be worth something.
import Flows

/// Holds back the events of an answer until it is worth something.
struct Withholding: Expander {
  /// What makes it so.
  enum Until: Sendable {
    /// The first token, or the end.
    case firstToken
    /// The end, if the whole answer is good enough.
    case end(@Sendable (ChatResponse) throws -> Bool)
  }

  private let until: Until
  private var held: [ChatEvent] = []
  private var isOpen = false

  init(until: Until) { self.until = until }

  mutating func expand(_ event: ChatEvent, into events: inout [ChatEvent]) throws {
    if isOpen { return events.append(event) }
    held.append(event)
    switch until {
    case .firstToken: guard event.isToken || event.isTerminal else { return }
    case .end(let isValid):
      guard event.isTerminal else { return }
      guard try isValid(ChatResponse(held)) else {
        throw ProviderError(.other, "the answer is not what was asked for", code: "invalid_answer")
      }
    }
    isOpen = true
    events += held
    held = []
  }

  mutating func finish(into events: inout [ChatEvent]) throws {
    if !isOpen { throw ProviderError(.truncated, "the answer has no end") }
  }
}
