// For stages that consume without being asked.

extension FlowContext {
  /// Polls `upstream` until it has nothing for now, whatever was asked for downstream, and hands `body` each
  /// chunk of elements, until that answers false. The answer is that of the upstream's last poll.
  ///
  /// A source that does not run dry is left from time to time, and visited again at once: so the run notices new
  /// demand, and its end.
  @inlinable
  func exhaust<Element>(
    _ upstream: Flow<Element>.Stage, chunks body: (inout Chunk<Element>) -> Bool
  ) -> Poll {
    var turns = 0
    while !scope.isEnded {
      let (poll, goesOn) = Chunk<Element>.scratch(.max) { input in
        let poll = upstream(&input)
        return (poll, input.isEmpty || body(&input))
      }
      if !poll.asksAgain || !goesOn { return poll }
      turns &+= 1
      if turns == 64 { return pollAgain() }
    }
    return .pending
  }

  /// Polls `upstream` until it has nothing for now, and hands `body` each element.
  @inlinable
  func exhaust<Element>(_ upstream: Flow<Element>.Stage, _ body: (Element) -> Void) -> Poll {
    exhaust(
      upstream,
      chunks: { input in
        while let element = input.next() { body(element) }
        return true
      })
  }

  /// The same for a `body` that may throw: then the upstream is let go, and that is its last answer.
  @inlinable
  func exhaust<Element>(_ upstream: inout Upstream<Element>, _ body: (Element) throws -> Void) -> Poll {
    var failure: (any Error)?
    let poll = exhaust(
      { upstream.poll(&$0) },
      chunks: { input in
        do {
          while let element = input.next() { try body(element) }
        } catch {
          while let element = input.next() { discard(element) }
          failure = error
        }
        return failure == nil
      })
    guard let failure else { return poll }
    upstream.end()
    return .failed(failure)
  }

  /// What a stage answers that has more to do and leaves the driver a turn: it is polled again at once, whatever
  /// is asked for.
  @inlinable
  func pollAgain() -> Poll {
    scope.wake()
    return .pending
  }
}
