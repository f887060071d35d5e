// Runs the parts of a flow one after another.

/// The stage of a flow whose parts live one at a time: each is let go before the next is started.
///
/// A part that consists of parts itself is not nested: where its parts come from is put on a list above the
/// one that it came from, which has left the list already when it has no more. So a chain of any length, and
/// a flow that ends with itself, run in a stack of constant depth.
@usableFromInline
struct Relay<Element: Sendable> {
  /// Where parts come from. Only the last of the list is asked for one.
  @usableFromInline
  struct Source {
    @usableFromInline let child: Child
    @usableFromInline let isGiven: Bool
    /// What it sees, and its parts see.
    @usableFromInline let environment: Environment
    /// `nil` when it has ended.
    @usableFromInline var made: Made<Flow<Element>>?
    /// It ended so, with the part that is running.
    @usableFromInline var failure: (any Error)?

    @inlinable
    init(_ parts: Parts<Element>, _ child: Child, in environment: Environment) {
      self.child = child
      self.environment = parts.inside(environment)
      isGiven = parts.isGiven
      made = Made(child.start(Flow(parts.start), in: self.environment))
    }
  }

  @usableFromInline let family: Family
  @usableFromInline var sources: [Source] = []
  @usableFromInline var part: Upstream<Element>

  @inlinable
  init(_ parts: Parts<Element>, in context: FlowContext) {
    family = Family(context)
    part = Upstream(context)
    add(parts, in: context.environment)
  }

  /// So many parts may end in one poll before the consumer is asked whether it still wants any.
  @inlinable static var patience: Int { 256 }

  @inlinable
  mutating func poll(_ room: inout Chunk<Element>) -> Poll {
    if let failure = pollWoken() { return failure }
    var ended = 0
    while true {
      if part.isLive {
        let poll = part.poll(&room)
        guard case .finished = poll else { return poll }
        ended &+= 1
        if ended == Self.patience, !room.isFull { return .more }
      }
      guard let poll = startNext(hasRoom: !room.isFull) else { continue }
      return poll
    }
  }

  /// Asks for the next part, and starts it. The answer is `nil` when there is something new to poll or to ask.
  @inlinable
  mutating func startNext(hasRoom: Bool) -> Poll? {
    let last = sources.count &- 1
    guard last >= 0 else { return .finished }
    let environment = sources[last].environment
    guard let source = sources[last].made else {
      if let failure = sources.removeLast().failure { return .failed(failure) }
      return nil
    }
    let (poll, next) = Chunk<Flow<Element>>.scratch(hasRoom || sources[last].isGiven ? 1 : 0) { room in
      let poll = source.stage(&room)
      return (poll, room.next())
    }
    switch poll {
    case .more, .pending:
      // A source that was asked for nothing has nothing to be woken for.
      if next == nil { return hasRoom ? poll : .more }
    case .finished:
      sources.removeLast().child.leave()
    case .failed(let error):
      // The part that came with the failure goes first.
      guard next != nil else { return poll }
      sources[last].made = nil
      sources[last].failure = error
      sources[last].child.leave()
    }
    if let next { start(next, in: environment) }
    return nil
  }

  @inlinable
  mutating func start(_ next: Flow<Element>, in environment: Environment) {
    if let parts = next.parts, parts.limit == 1 {
      add(parts, in: environment)
    } else {
      part.start(next, in: environment)
    }
  }

  @inlinable
  mutating func add(_ parts: Parts<Element>, in environment: Environment) {
    sources.append(Source(parts, family.adopt(key: sources.count), in: environment))
  }

  /// Lets the sources that were woken go on while they are not asked for anything. The answer is a failure.
  @inlinable
  mutating func pollWoken() -> Poll? {
    while let child = family.next(hasRoom: false) {
      // The last one is about to be polled anyway.
      guard part.isLive || child.key < sources.count &- 1, let source = sources[child.key].made
      else { continue }
      let poll = Chunk<Flow<Element>>.scratch(0) { source.stage(&$0) }
      switch poll {
      case .more, .pending: break
      case .failed: return poll
      case .finished:
        sources[child.key].made = nil
        child.leave()
      }
    }
    return nil
  }
}

extension Flow {
  /// The flow that consists of `parts`, one after another.
  @inlinable
  static func relay(_ parts: Parts<Element>) -> Flow {
    Flow(parts) { context in
      let relay = Cell(Relay(parts, in: context))
      return { room in relay.value.poll(&room) }
    }
  }
}
