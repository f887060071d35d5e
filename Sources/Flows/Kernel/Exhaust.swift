// For stages that consume without being asked.

extension FlowContext {
  /// Polls `upstream` until it has nothing for now, whatever was asked for downstream, and hands `body` each
  /// element. The answer is `.pending`, or how the upstream ended.
  ///
  /// A source that never runs dry is left when the run ends.
  @inlinable
  func exhaust<Element>(_ upstream: Flow<Element>.Stage, _ body: (Element) -> Void) -> Poll {
    while !scope.isEnded {
      let poll = Chunk<Element>.scratch(.max) { input in
        let poll = upstream(&input)
        while let element = input.next() { body(element) }
        return poll
      }
      if !poll.asksAgain { return poll }
    }
    return .pending
  }

  /// As above, for a `body` that may throw: then the upstream is let go, and that is how it ended.
  @inlinable
  func exhaust<Element>(_ upstream: inout Upstream<Element>, _ body: (Element) throws -> Void) -> Poll {
    while !scope.isEnded {
      let poll = Chunk<Element>.scratch(.max) { input in
        let poll = upstream.poll(&input)
        do {
          while let element = input.next() { try body(element) }
          return poll
        } catch {
          while let element = input.next() { discard(element) }
          upstream.end()
          return .failed(error)
        }
      }
      if !poll.asksAgain { return poll }
    }
    return .pending
  }
}
