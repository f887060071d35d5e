// Runs several parts of a flow at a time, and delivers them in order.

/// How the parts of a line go on that are not the first.
enum LineProgress {
  /// By themselves: they are tasks.
  case bySelf
  /// By being polled without room whenever they are woken.
  case whenWoken
}

/// The stage of a flow whose parts live together, up to a limit, and stand in line: only the first delivers.
/// What the others have by then must wait in them.
final class Line<Element: Sendable> {
  private enum Part {
    case live(Child, Made<Element>)
    /// It ended so before its turn came.
    case ended(Poll)
  }

  private let context: FlowContext
  private let family: Family
  private let limit: Int
  private let progress: LineProgress
  private var source: Upstream<Flow<Element>>
  /// How the source ended: passed on behind the parts that came before.
  private var ending: Poll?
  /// Those in line, by the numbers under which they came.
  private var parts: [Int: Part] = [:]
  private var first = 0
  private var arrivals = 0

  init(
    _ source: Flow<Flow<Element>>, limit: Int, running progress: LineProgress, in context: FlowContext
  ) {
    self.context = context
    self.limit = limit
    self.progress = progress
    self.source = Upstream(source, in: context)
    family = Family(context)
  }

  func poll(_ room: inout Chunk<Element>) -> Poll {
    for _ in 0..<Poll.patience {
      let poll = pollFirst(&room)
      if case .failed = poll { return poll }
      let (count, asksAgain) = admit(hasRoom: !room.isFull)
      if count > 0 { continue }
      if let ending, parts.isEmpty { return ending }
      pollOthers()
      return room.isFull || poll.asksAgain || asksAgain ? .more : .pending
    }
    return .more
  }

  /// Delivers what the first in line has, and the next when that is at its end. The answer is that of the last.
  private func pollFirst(_ room: inout Chunk<Element>) -> Poll {
    while let part = parts[first] {
      let poll =
        switch part {
        case .live(_, let made): made.stage(&room)
        case .ended(let poll): poll
        }
      guard case .finished = poll else { return poll }
      if case .live(let child, _) = part { child.leave() }
      parts[first] = nil
      first += 1
    }
    return .pending
  }

  /// Asks the source for as many parts as may begin, and starts them. The answer is how many came, and whether the
  /// source is to be asked again at once.
  private func admit(hasRoom: Bool) -> (count: Int, asksAgain: Bool) {
    if ending != nil { return (0, false) }
    let asked = hasRoom ? limit - parts.count : 0
    return Chunk<Flow<Element>>.scratch(asked) { new in
      let poll = source.poll(&new)
      let count = new.count
      while let part = new.next() { start(part) }
      if poll.isTerminal { ending = poll }
      return (count, asked > 0 && poll.asksAgain)
    }
  }

  private func start(_ part: Flow<Element>) {
    let child: Child
    switch progress {
    case .bySelf: child = family.adopt(key: arrivals)
    case .whenWoken: child = family.add(key: arrivals)
    }
    parts[arrivals] = .live(child, Made(part.start(in: child.context)))
    arrivals += 1
  }

  /// Lets those that were woken go on while it is not their turn.
  private func pollOthers() {
    var polls = 0
    while let child = family.next(hasRoom: false) {
      if child.key > first, case .live(_, let made)? = parts[child.key] {
        let poll = Chunk<Element>.scratch(0) { made.stage(&$0) }
        if poll.isTerminal {
          parts[child.key] = .ended(poll)
          child.leave()
        }
      }
      polls += 1
      if polls == Poll.patience { return context.scope.wake() }
    }
  }
}
