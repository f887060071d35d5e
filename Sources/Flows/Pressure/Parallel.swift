// One flow on several rails.

extension Flow {
  /// Deals the elements out to `count` rails, each of which has a place of its own, and delivers what they make of
  /// them as it comes.
  ///
  ///     source       -1-2-3-4-|
  ///     parallel(2)  -a-b-c-d-|
  ///
  /// with a flow of a to d for what the rails make of 1 to 4.
  ///
  /// ```swift
  /// let pages = addresses.parallel(4, on: .pool) { rail in rail.map(parse) }
  /// ```
  ///
  /// For work that keeps a core busy; for work that waits, `asyncMap` and `flatMap` need no threads. The rails take
  /// turns, and one that has no room is passed over; the order is kept on each rail, not between them.
  ///
  /// **Demand.** With the first element that is asked for, each rail is ahead by up to `capacity` elements, and upstream
  /// is asked for what the rails ask for. **Completion.** When upstream and all rails are complete; when all rails are,
  /// upstream is cancelled. **Failure** of upstream reaches every rail after what that was dealt; the first rail that
  /// fails cancels the others.
  ///
  /// - Parameters:
  ///   - count: how many rails, at least 1; anything else traps.
  ///   - scheduler: the place of a rail; evaluated for each. `.pool` makes a new one each time, so that the rails run
  ///     beside each other; a scheduler that is always the same has them take turns.
  ///   - capacity: how far a rail may be ahead, at least 1; anything else traps.
  ///   - rail: what is made of the elements of one rail.
  public func parallel<Output>(
    _ count: Int, on scheduler: @autoclosure @escaping @Sendable () -> some FlowScheduler,
    buffer capacity: Int = 1, _ rail: @escaping @Sendable (Flow) throws -> Flow<Output>
  ) -> Flow<Output> {
    precondition(count > 0, "parallel(\(count)): there must be at least one rail")
    precondition(
      capacity > 0, "parallel(buffer: \(capacity)): a buffer needs room for at least one element")
    let rails = Flow<Flow<Element>> { context in
      let rails = Cell(Rails(self, in: context, count))
      return { room in rails.value.poll(&room) }
    }
    let outputs = rails.map { elements in
      let output = try rail(elements)
      return Flow<Output> { context in
        context.handOff(context.newRun(home: scheduler()), ahead: capacity) { output.start(in: $0) }
      }
    }
    // Given: they begin without being asked, because an end needs no demand.
    return .crowd(Parts(limit: count, isGiven: true, outputs.recipe))
  }
}

/// The stage that deals.
struct Rails<Element: Sendable> {
  private let context: FlowContext
  private let count: Int
  private var upstream: Upstream<Element>
  private var branches: [Branch<Element>] = []
  /// Whose turn it is.
  private var turn = 0
  /// What has come for a rail that has gone meanwhile.
  private let waiting: Held<Element>
  private var ending = Poll.pending

  init(_ flow: Flow<Element>, in context: FlowContext, _ count: Int) {
    self.context = context
    self.count = count
    upstream = Upstream(flow, in: context)
    waiting = Held(context)
  }

  mutating func poll(_ room: inout Chunk<Flow<Element>>) -> Poll {
    while branches.count < count {
      if room.isFull { return .more }
      let branch = Branch<Element>(in: context, buffer: nil)
      branches.append(branch)
      room.append(branch.flow)
    }
    for _ in 0..<Poll.patience {
      deal()
      guard branches.contains(where: \.isOpen) else {
        upstream.end()
        return ending.isTerminal ? ending : .finished
      }
      if ending.isTerminal, waiting.isEmpty {
        // It reaches the consumer by way of the rails, behind what they were dealt.
        for branch in branches { branch.finish(ending) }
        return .finished
      }
      var asked = 0
      if !ending.isTerminal {
        asked = waiting.isEmpty ? branches.reduce(0) { $0 + $1.space } : 0
        ending = waiting.fill(atMost: asked, from: { upstream.poll(&$0) })
        if ending.isTerminal { continue }
        deal()
      }
      // Asked for nothing, upstream has nothing to be woken for; the rails do that.
      if asked == 0 || !ending.asksAgain { return room.isFull ? .more : .pending }
    }
    // Rails are fed without demand for more of them.
    context.scope.wake()
    return .more
  }

  /// Puts what has come on the rails that have room.
  private mutating func deal() {
    while !waiting.isEmpty, let branch = nextWithRoom(), let element = waiting.next() {
      branch.send(element)
    }
  }

  private mutating func nextWithRoom() -> Branch<Element>? {
    for offset in 0..<count {
      let place = (turn + offset) % count
      if branches[place].space > 0 {
        turn = place + 1
        return branches[place]
      }
    }
    return nil
  }
}
