// Whether a sequence of events is an answer.

/// What is wrong with a sequence of events.
public struct ChatGrammarViolation: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

/// The automaton of the grammar that ``ChatEvent`` promises: shown one event after another, it says what is wrong
/// with each, and what would have to stand before it to make it right.
struct ChatGrammar: Sendable {
  private enum Stage { case before, between, inRound, ended }
  private enum Kind: String { case text, reasoning, call }

  private var stage = Stage.before
  private var round = 0
  private var open: [(place: ChatEvent.Place, kind: Kind, call: ChatEvent.ToolCallStart?)] = []

  /// What an event needs.
  enum Verdict {
    case right
    /// These must stand before it.
    case needs([ChatEvent], because: String)
    /// Nothing makes it right.
    case misplaced(String)
  }

  var isEnded: Bool { stage == .ended }

  /// Judges the next event without taking it in.
  func judge(_ event: ChatEvent) -> Verdict {
    if stage == .ended { return .misplaced("\(event.name) after the terminal") }
    if event.isAside { return .right }
    switch event {
    case .started: return stage == .before ? .right : .misplaced("started twice")
    case .roundStarted(let index): return judgeRoundStart(index)
    case .roundEnded(let index, _): return judgeRoundEnd(index)
    case .failed, .cancelled: return .right
    case .finished(let finish):
      switch stage {
      case .before: return .needs(opening + [.roundEnded(0, finish)], because: "finished before it started")
      case .between where round == 0:
        return .needs([.roundStarted(0), .roundEnded(0, finish)], because: "finished without a round")
      case .inRound:
        return .needs(closing + [.roundEnded(round, finish)], because: "finished within a round")
      default: return .right
      }
    default: return judgeBlock(event)
    }
  }

  private func judgeRoundStart(_ index: Int) -> Verdict {
    switch stage {
    case .before: return .needs([.started(.init())], because: "a round before the start")
    case .inRound:
      return .needs(closing + [.roundEnded(round, Finish(.toolCalls))], because: "a round within a round")
    default: return index == round ? .right : .misplaced("round \(index) instead of \(round)")
    }
  }

  private func judgeRoundEnd(_ index: Int) -> Verdict {
    guard stage == .inRound else { return .misplaced("the end of a round that had not begun") }
    guard index == round else { return .misplaced("the end of round \(index) in round \(round)") }
    return open.isEmpty ? .right : .needs(closing, because: "a round ended before its blocks")
  }

  private func judgeBlock(_ event: ChatEvent) -> Verdict {
    switch stage {
    case .before: return .needs(opening, because: "\(event.name) before the start")
    case .between:
      return .needs([.roundStarted(round)], because: "\(event.name) outside of a round")
    default: break
    }
    guard let place = event.place else { return .right }
    let known = open.first { $0.place == place }
    switch event {
    case .textStarted, .reasoningStarted, .toolCallStarted:
      return known == nil ? .right : .misplaced("\(event.name) within a block")
    case .textDelta: return judge(known?.kind, .text, .textStarted(place), event)
    case .reasoningDelta, .reasoningSignature:
      return judge(known?.kind, .reasoning, .reasoningStarted(place), event)
    case .toolArgumentsDelta(_, let id, _):
      return judge(known?.kind, .call, .toolCallStarted(.init(id: id, name: ""), place), event)
    case .toolCall(let call, _):
      return judge(known?.kind, .call, .toolCallStarted(.init(id: call.id, name: call.name), place), event)
    case .textEnded: return known?.kind == .text ? .right : .misplaced("the end of a text that had not begun")
    case .reasoningEnded:
      return known?.kind == .reasoning ? .right : .misplaced("the end of a reasoning that had not begun")
    default: return .right
    }
  }

  private func judge(_ kind: Kind?, _ wanted: Kind, _ start: ChatEvent, _ event: ChatEvent) -> Verdict {
    if kind == wanted { return .right }
    if let kind { return .misplaced("\(event.name) in a block of \(kind.rawValue)") }
    return .needs([start], because: "\(event.name) before its block began")
  }

  private var opening: [ChatEvent] { [.started(.init()), .roundStarted(0)] }

  /// The ends of what is open.
  private var closing: [ChatEvent] {
    open.map { place, kind, call in
      switch kind {
      case .text: .textEnded(place)
      case .reasoning: .reasoningEnded(place)
      case .call:
        .toolCall(
          ToolCall(id: call?.id ?? "", name: call?.name ?? "", arguments: "", problem: .unfinished), place)
      }
    }
  }

  /// Takes in an event that is right.
  mutating func take(_ event: ChatEvent) {
    switch event {
    case .started: stage = .between
    case .roundStarted: stage = .inRound
    case .roundEnded:
      stage = .between
      round += 1
    case .finished, .failed, .cancelled: stage = .ended
    case .textStarted(let place): open.append((place, .text, nil))
    case .reasoningStarted(let place): open.append((place, .reasoning, nil))
    case .toolCallStarted(let start, let place): open.append((place, .call, start))
    case .textEnded(let place), .reasoningEnded(let place), .toolCall(_, let place):
      open.removeAll { $0.place == place }
    default: break
    }
  }
}
