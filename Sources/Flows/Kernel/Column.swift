// One of several sources of different types.

/// A source of a stage that combines one element of each of several. What it delivers is held where the row is
/// made, and only how much there is of it is seen here: so the engines of `zip` and `combineLatest` are written
/// once, for any number of sources of any types.
@usableFromInline
struct Column {
  @usableFromInline let child: Child
  /// Asks the source for so many elements at most. A terminal answer lets it go.
  @usableFromInline let ask: (Int) -> Poll
  /// How many elements are held.
  @usableFromInline let count: () -> Int
  @usableFromInline var isFinished = false

  /// A column that holds what `flow` delivers in `held`.
  @inlinable
  init<Element>(_ flow: Flow<Element>, _ child: Child, _ held: Held<Element>) {
    var made: Made<Element>? = Made(child.start(flow))
    self.child = child
    count = { held.count }
    ask = { limit in
      guard let present = made else { return .finished }
      let poll = Chunk<Element>.scratch(limit) { room in
        let poll = present.stage(&room)
        held.append(draining: &room)
        return poll
      }
      if poll.isTerminal {
        made = nil
        child.leave()
      }
      return poll
    }
  }
}
