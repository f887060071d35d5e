// Runs several parts of a flow at a time.

/// The stage of a flow whose parts live together, up to a limit. They take turns, and so does the source that
/// they come from: it is asked for as many as the limit leaves.
///
/// When the source ends with a single part that consists of parts itself, the crowd becomes the crowd of those:
/// so a flow that ends with itself runs in a stack of constant depth.
@usableFromInline
struct Crowd<Element: Sendable> {
  @usableFromInline let family: Family
  /// What the source and the parts see.
  @usableFromInline var environment: Environment
  /// Where parts come from; `nil` when there are no more.
  @usableFromInline var source: Made<Flow<Element>>?
  @usableFromInline var door: Child
  @usableFromInline var limit: Int
  @usableFromInline var isGiven: Bool
  @usableFromInline var failures: PartFailures
  /// The source is to be asked when a part has ended.
  @usableFromInline var isClosed = false
  /// The failure that waits for its turn behind the last parts.
  @usableFromInline var failure: Poll?

  // The parts, at their keys.
  @usableFromInline var stages: [Made<Element>?] = []
  @usableFromInline var free: [Int] = []
  @usableFromInline var live = 0
  /// How often the crowd was polled.
  @usableFromInline var round = 0

  @inlinable
  init(_ parts: Parts<Element>, in context: FlowContext) {
    family = Family(context)
    environment = context.environment
    limit = parts.limit
    isGiven = parts.isGiven
    failures = parts.failures
    door = family.add(key: -1)
    source = Made(door.start(Flow(parts.start)))
  }

  /// So many polls may be made in one before the consumer is asked whether it still wants any.
  @inlinable static var patience: Int { 1024 }

  @inlinable
  mutating func poll(_ room: inout Chunk<Element>) -> Poll {
    var polls = 0
    round &+= 1
    while let child = family.next(hasRoom: !room.isFull) {
      if child.key < 0 {
        if let failure = admit(hasRoom: !room.isFull) { return failure }
      } else {
        // A part that has delivered is asked again when the consumer is done with that: one that limits the time
        // between two elements would count the consumer's.
        if child.lastDelivery == round, !room.isFull {
          family.putBack(child)
          break
        }
        guard let part = stages[child.key] else { continue }
        let before = room.count
        let poll = part.stage(&room)
        if room.count > before { child.lastDelivery = round }
        switch poll {
        case .more, .pending: family.settle(child, after: poll, hasRoom: !room.isFull)
        case .finished: letGo(child)
        case .failed(let error):
          guard failures == .atEnd else { return poll }
          remember(error)
          letGo(child)
        }
      }
      polls &+= 1
      if polls == Self.patience, !room.isFull { break }
    }
    if live > 0 { return family.answer(hasRoom: !room.isFull) }
    // The end needs no demand.
    if room.isFull, source != nil, let failure = admit(hasRoom: false) { return failure }
    if source != nil || live > 0 { return family.answer(hasRoom: !room.isFull) }
    return failure ?? .finished
  }

  @inlinable
  mutating func letGo(_ child: Child) {
    stages[child.key] = nil
    child.leave()
    free.append(child.key)
    live &-= 1
    if isClosed {
      isClosed = false
      family.giveTurn(door)
    }
  }

  /// Asks the source for as many parts as may live, and starts them. The answer is a failure.
  @inlinable
  mutating func admit(hasRoom: Bool) -> Poll? {
    while let source {
      let asked = hasRoom || isGiven ? limit &- live : 0
      var admitted = 0
      var gotAll = false
      var heir: Parts<Element>?
      let poll = Chunk<Flow<Element>>.scratch(asked) { room in
        let poll = source.stage(&room)
        gotAll = room.isFull
        admitted = room.count
        while let part = room.next() {
          if case .finished = poll, live == 0, admitted == 1, failure == nil, let parts = part.parts {
            heir = parts
          } else {
            start(part)
          }
        }
        return poll
      }
      switch poll {
      case .more where isGiven && live < limit: continue
      case .more, .pending:
        // Asked for nothing, or for no more than it gave, it has nothing to be woken for.
        guard gotAll || poll.asksAgain else { return nil }
        if live < limit { family.giveTurn(door) } else { isClosed = true }
        return nil
      case .finished:
        self.source = nil
        door.leave()
        if let heir { join(heir) }
        return nil
      case .failed(let error):
        self.source = nil
        remember(error)
        if admitted == 0, failures == .atOnce || live == 0 { return failure }
        // The parts that came with it go first.
        if failures == .atOnce { family.giveTurn(door) } else { door.leave() }
        return nil
      }
    }
    return failures != .atOnce && live > 0 ? nil : failure
  }

  @inlinable
  mutating func remember(_ error: any Error) {
    if failure == nil { failure = .failed(error) } else { Stray.hand(error, to: environment.discardHook) }
  }

  @inlinable
  mutating func join(_ parts: Parts<Element>) {
    limit = parts.limit
    isGiven = parts.isGiven
    failures = parts.failures
    isClosed = false
    door = family.add(key: -1)
    environment = parts.inside(environment)
    source = Made(door.start(Flow(parts.start), in: environment))
  }

  @inlinable
  mutating func start(_ part: Flow<Element>) {
    let key = free.popLast() ?? stages.count
    if key == stages.count { stages.append(nil) }
    let child = family.add(key: key)
    stages[key] = Made(child.start(part, in: environment))
    live &+= 1
  }
}

extension Flow {
  /// The flow that consists of `parts`, as many at a time as their limit says.
  @inlinable
  static func crowd(_ parts: Parts<Element>) -> Flow {
    Flow(parts) { context in
      let crowd = Cell(Crowd(parts, in: context))
      return { room in crowd.value.poll(&room) }
    }
  }
}
