// The first of several flows to say something.

extension Flow {
  /// Delivers the elements of the flow that is the first to deliver one, to complete, or to fail: this one or
  /// one of `others`.
  ///
  ///     a     ---1-2-|
  ///     b     --3-4--5|
  ///     race  --3-4--5|
  ///
  /// **Demand.** Until it is decided, each is asked for one element; then the winner for all that was asked for
  /// here. The others are let go before the first element of the winner is passed on.
  @inlinable
  public func race(with others: Flow...) -> Flow { .race([self] + others) }

  /// Delivers the elements of the one of `flows` that is the first to say something. See ``race(with:)``. When
  /// there are none, completes.
  @inlinable
  public static func race(_ flows: [Flow]) -> Flow {
    Flow { context in
      var runners = Runners(flows, in: context)
      return { room in runners.poll(&room) }
    }
  }
}

/// Those that run, and the one that has won.
@usableFromInline
struct Runners<Element: Sendable> {
  @usableFromInline let family: Family
  @usableFromInline var all: [(child: Child, made: Made<Element>)] = []
  @usableFromInline var winner: (child: Child, made: Made<Element>)?

  @inlinable
  init(_ flows: [Flow<Element>], in context: FlowContext) {
    family = Family(context)
    for (key, flow) in flows.enumerated() {
      let child = family.add(key: key)
      all.append((child, Made(child.start(flow))))
    }
  }

  @inlinable
  mutating func poll(_ room: inout Chunk<Element>) -> Poll {
    if winner == nil, let undecided = decide(&room) { return undecided }
    guard let made = winner?.made else { return .finished }
    return passOn(made.stage(&room))
  }

  /// Polls those that are ready until one says something. The answer is `nil` when the winner is to be polled.
  @inlinable
  mutating func decide(_ room: inout Chunk<Element>) -> Poll? {
    if all.isEmpty { return .finished }
    var polls = 0
    while polls < Poll.patience, let child = family.next(hasRoom: !room.isFull) {
      polls &+= 1
      let before = room.count
      let runner = all[child.key]
      let poll = room.lend(atMost: 1) { runner.made.stage(&$0) }
      if room.count == before, !poll.isTerminal {
        family.settle(child, after: poll, hasRoom: !room.isFull)
        continue
      }
      winner = runner
      for other in all.reversed() where other.child !== child { other.child.leave() }
      all = []
      if poll.isTerminal { return passOn(poll) }
      return room.isFull ? .more : nil
    }
    return family.answer(hasRoom: !room.isFull)
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
