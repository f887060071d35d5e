// Runs several parts of a flow at a time, and delivers them in order.

/// The stage of a flow whose parts live together, up to a limit, and stand in line: only the first delivers.
/// What the others have by then must wait in them.
final class Line<Element: Sendable> {
  private let context: FlowContext
  private let limit: Int
  private var source: Upstream<Flow<Element>>
  /// How the source ended: passed on behind the parts that came before.
  private var ending: Poll?
  private var first: Upstream<Element>
  private var others = Ring<Upstream<Element>>()

  init(_ source: Flow<Flow<Element>>, limit: Int, in context: FlowContext) {
    self.context = context
    self.limit = limit
    self.source = Upstream(source, in: context)
    first = Upstream(context)
  }

  func poll(_ room: inout Chunk<Element>) -> Poll {
    while true {
      if let failure = pollFirst(&room) { return failure }
      let live = others.count + (first.isLive ? 1 : 0)
      if let ending {
        if live == 0 { return ending }
        break
      }
      let asked = room.isFull ? 0 : limit - live
      let poll = Chunk<Flow<Element>>.scratch(asked) { parts in
        let poll = source.poll(&parts)
        while let part = parts.next() { others.append(Upstream(part, in: context)) }
        return poll
      }
      if poll.isTerminal {
        ending = poll
      } else if asked == 0 || !poll.asksAgain {
        break
      }
    }
    return room.isFull ? .more : .pending
  }

  /// Delivers what the first in line has, and the next when that is at its end. The answer is a failure.
  private func pollFirst(_ room: inout Chunk<Element>) -> Poll? {
    while true {
      if !first.isLive {
        guard let next = others.popFirst() else { return nil }
        first = next
      }
      let poll = first.poll(&room)
      switch poll {
      case .more, .pending: return nil
      case .finished: continue
      case .failed: return poll
      }
    }
  }
}
