// Thoughts that a model writes into its text, between tags.
import Flows

/// Where a model's thoughts begin.
public enum ThoughtOpening: Sendable, Hashable {
  /// Behind the opening tag.
  case tagged
  /// At once: the prompt ended with the opening tag, so that the answer has only the closing one.
  case implied
}

extension Flow where Element == ChatEvent {
  /// Delivers what stands between the tags as reasoning instead of text.
  ///
  ///     source              -started-roundStarted-textStarted-delta"<thi"-delta"nk>Hm</think>Hi"-...
  ///     separatingThoughts  -started-roundStarted-reasoningStarted-delta"Hm"-reasoningEnded-textStarted-delta"Hi"-...
  ///
  /// Tags may be cut anywhere: what could be the beginning of one is held back until it is clear. Line feeds behind a tag
  /// are left out. Blocks are numbered anew. **Failure.** What was held back comes before a failure.
  ///
  /// - Parameters:
  ///   - tag: the tag's name: `think` for `<think>` and `</think>`.
  ///   - opening: whether an answer begins with thoughts or has to open them.
  public func separatingThoughts(tag: String = "think", opening: ThoughtOpening = .tagged) -> Flow {
    expanded { ThoughtSeparation(tag, opening) }
  }
}

private struct ThoughtSeparation: Expander {
  private let tags: (opening: String, closing: String)
  private let opening: ThoughtOpening
  private var next = 0
  /// The new numbers of blocks that are no texts.
  private var places: [ChatEvent.Place: ChatEvent.Place] = [:]
  private var texts: [ChatEvent.Place: Text] = [:]

  /// A text block of upstream, which may become several.
  private struct Text: Sendable {
    var isThought: Bool
    /// The block that is open now.
    var place: ChatEvent.Place?
    /// What may be the beginning of a tag.
    var held = ""
    var isBehindTag = false
  }

  init(_ tag: String, _ opening: ThoughtOpening) {
    tags = ("<\(tag)>", "</\(tag)>")
    self.opening = opening
  }

  mutating func expand(_ event: ChatEvent, into events: inout [ChatEvent]) {
    switch event {
    case .textStarted(let place):
      let isFirst = !texts.keys.contains { $0.choice == place.choice }
      texts[place] = Text(isThought: isFirst && opening == .implied)
    case .textDelta(let piece, let place):
      var text = texts[place] ?? Text(isThought: false)
      text.held += piece
      separate(&text, place, &events)
      texts[place] = text
    case .textEnded(let place): end(place, &events)
    case .roundEnded, .finished, .failed, .cancelled:
      breakOff(into: &events)
      events.append(event)
    default:
      guard let place = event.place else { return events.append(event) }
      if places[place] == nil { places[place] = newPlace(place.choice) }
      events.append(event.moved(to: places[place]!))
    }
  }

  mutating func finish(into events: inout [ChatEvent]) { breakOff(into: &events) }

  mutating func breakOff(into events: inout [ChatEvent]) {
    for place in texts.keys.sorted(by: { $0.block < $1.block }) {
      guard var text = texts[place], !text.held.isEmpty else { continue }
      tell(text.held, &text, place, &events)
      text.held = ""
      texts[place] = text
    }
  }

  private mutating func newPlace(_ choice: Int) -> ChatEvent.Place {
    defer { next += 1 }
    return ChatEvent.Place(choice: choice, block: next)
  }

  private mutating func separate(
    _ text: inout Text, _ place: ChatEvent.Place, _ events: inout [ChatEvent]
  ) {
    while true {
      let tag = text.isThought ? tags.closing : tags.opening
      let found = text.held.place(of: tag)
      let before = String(text.held[..<found.start])
      text.held = String(text.held[(found.end ?? found.start)...])
      tell(before, &text, place, &events)
      if found.end == nil { return }
      close(&text, &events)
      text.isThought.toggle()
      text.isBehindTag = true
    }
  }

  private mutating func tell(
    _ words: String, _ text: inout Text, _ place: ChatEvent.Place, _ events: inout [ChatEvent]
  ) {
    var words = words[...]
    if text.isBehindTag { words = words.drop(while: \.isNewline) }
    if words.isEmpty { return }
    text.isBehindTag = false
    if text.place == nil {
      let new = newPlace(place.choice)
      text.place = new
      events.append(text.isThought ? .reasoningStarted(new) : .textStarted(new))
    }
    guard let open = text.place else { return }
    events.append(text.isThought ? .reasoningDelta(String(words), open) : .textDelta(String(words), open))
  }

  private func close(_ text: inout Text, _ events: inout [ChatEvent]) {
    if let open = text.place.take() {
      events.append(text.isThought ? .reasoningEnded(open) : .textEnded(open))
    }
  }

  private mutating func end(_ place: ChatEvent.Place, _ events: inout [ChatEvent]) {
    guard var text = texts[place] else { return }
    tell(text.held, &text, place, &events)
    close(&text, &events)
    text.held = ""
    texts[place] = text
  }
}

extension String {
  /// Where `tag` stands. When it does not: where something begins that more text could make it; the end for nothing.
  fileprivate func place(of tag: String) -> (start: Index, end: Index?) {
    var start = utf8.startIndex
    while start < utf8.endIndex {
      var (mine, theirs) = (start, tag.utf8.startIndex)
      while mine < utf8.endIndex, theirs < tag.utf8.endIndex, utf8[mine] == tag.utf8[theirs] {
        mine = utf8.index(after: mine)
        theirs = tag.utf8.index(after: theirs)
      }
      if theirs == tag.utf8.endIndex { return (start, mine) }
      if mine == utf8.endIndex { return (start, nil) }
      start = utf8.index(after: start)
    }
    return (utf8.endIndex, nil)
  }
}

extension ChatEvent {
  /// The event of a block, in another place.
  fileprivate func moved(to place: Place) -> ChatEvent {
    switch self {
    case .textStarted: .textStarted(place)
    case .textDelta(let text, _): .textDelta(text, place)
    case .textEnded: .textEnded(place)
    case .reasoningStarted: .reasoningStarted(place)
    case .reasoningDelta(let text, _): .reasoningDelta(text, place)
    case .reasoningSignature(let signature, _): .reasoningSignature(signature, place)
    case .reasoningEnded: .reasoningEnded(place)
    case .refusalDelta(let text, _): .refusalDelta(text, place)
    case .toolCallStarted(let start, _): .toolCallStarted(start, place)
    case .toolArgumentsDelta(let text, let id, _): .toolArgumentsDelta(text, id: id, place)
    case .toolCall(let call, _): .toolCall(call, place)
    default: self
    }
  }
}
