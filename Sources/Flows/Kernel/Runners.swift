// Several flows of which one is delivered.

/// Flows that run side by side until it is decided which of them is delivered: then the others are let go.
@usableFromInline
struct Runners<Element: Sendable> {
  @usableFromInline typealias Runner = (child: Child, made: Made<Element>)

  @usableFromInline let family: Family
  /// Those that run, at their keys, while nothing is decided.
  @usableFromInline var all: [Runner?] = []
  @usableFromInline var live = 0
  @usableFromInline var winner: Runner?
  @usableFromInline let decision: RaceDecision
  /// What the first of those failed with that were given up.
  @usableFromInline var failure: Poll?

  @inlinable
  init(_ decision: RaceDecision, in context: FlowContext) {
    self.decision = decision
    family = Family(context)
  }

  /// It is known which one is delivered.
  @inlinable var isDecided: Bool { winner != nil }

  /// Lets another one run.
  @inlinable
  mutating func add(_ flow: Flow<Element>) {
    let child = family.add(key: all.count)
    all.append((child, Made(child.start(flow))))
    live &+= 1
  }

  @inlinable
  mutating func poll(_ room: inout Chunk<Element>) -> Poll {
    if winner == nil, let undecided = decide(&room) { return undecided }
    guard let made = winner?.made else { return .finished }
    return passOn(made.stage(&room))
  }

  /// Polls those that are ready until one decides it. The answer is `nil` when the winner is to be polled.
  @inlinable
  mutating func decide(_ room: inout Chunk<Element>) -> Poll? {
    if live == 0 { return failure ?? .finished }
    var polls = 0
    while polls < Poll.patience, let child = family.next(hasRoom: !room.isFull) {
      polls &+= 1
      guard let runner = all[child.key] else { continue }
      let before = room.count
      let poll = room.lend(atMost: 1) { runner.made.stage(&$0) }
      if room.count == before {
        if !poll.isTerminal {
          family.settle(child, after: poll, hasRoom: !room.isFull)
          continue
        }
        if !decision.isMade(by: poll) {
          giveUp(child, after: poll)
          if live == 0 { return failure ?? poll }
          continue
        }
      }
      winner = runner
      for other in all.reversed() {
        if let other, other.child !== child { other.child.leave() }
      }
      all = []
      if poll.isTerminal { return passOn(poll) }
      return room.isFull ? .more : nil
    }
    return family.answer(hasRoom: !room.isFull)
  }

  @inlinable
  mutating func giveUp(_ child: Child, after poll: Poll) {
    if failure == nil, case .failed = poll { failure = poll }
    all[child.key] = nil
    live &-= 1
    child.leave()
  }

  @inlinable
  mutating func passOn(_ poll: Poll) -> Poll {
    if poll.isTerminal {
      winner?.child.leave()
      winner = nil
    }
    return poll
  }
}

/// What makes a flow the one that is delivered, when several run.
public enum RaceDecision: Sendable, Equatable {
  /// The first signal: an element, completion or failure.
  case firstSignal
  /// The first element or completion. A flow that fails before is given up, unless it is the last.
  case firstSuccess
  /// The first element. A flow that ends without one is given up; when all have, that is the end: with the failure that
  /// came first, if any failed.
  case firstElement

  /// Whether a flow is delivered that ends so, without an element.
  @inlinable
  func isMade(by end: Poll) -> Bool {
    switch self {
    case .firstSignal: true
    case .firstElement: false
    case .firstSuccess: if case .finished = end { true } else { false }
    }
  }
}
