// The pipeline that suits the first element.

extension Flow {
  /// Delivers what the flow delivers that `choose` makes, once the first element is known.
  ///
  ///     source         -a-b-c-|
  ///     switchOnFirst  -A-B-C-|
  ///
  /// `choose` is told what came first, an element or the end, and is given the whole flow, the first element
  /// included. That can be run once; a second time it fails with ``FlowRunTwice``.
  ///
  /// **Demand.** One element is asked for when something is asked for here; then what the chosen flow asks for.
  /// **Completion.** With the chosen flow. This flow is let go as soon as the chosen one does not need it any more.
  /// **Failure.** Of the chosen flow, and an error thrown by `choose`. That of this flow is told to the chosen one.
  public func switchOnFirst<Output>(
    _ choose: @escaping @Sendable (_ first: FlowEvent<Element>, _ flow: Flow) throws -> Flow<Output>
  ) -> Flow<Output> {
    Flow<Output> { context in
      var upstream = Upstream(self, in: context)
      var chosen = Upstream<Output>(context)
      var branch: Branch<Element>?
      return { room in
        for _ in 0..<Poll.patience {
          if let branch {
            let poll = chosen.poll(&room)
            if !branch.isOpen || poll.isTerminal { upstream.end() }
            if poll.isTerminal || !upstream.isLive { return poll }
            let space = branch.space
            let (count, more) = Self.feed(branch, from: &upstream, atMost: space)
            if count == 0, upstream.isLive, !more || space == 0 { return poll }
          } else {
            let new = Branch<Element>(in: context, buffer: nil)
            let (poll, first) = Chunk<Element>.scratch(room.isFull ? 0 : 1) { input in
              (upstream.poll(&input), input.next())
            }
            if let first { new.send(first) }
            let event: FlowEvent<Element>
            switch (first, poll) {
            case (let first?, _): event = .element(first)
            case (nil, .finished): event = .end(.finished)
            case (nil, .failed(let error)): event = .end(.failed(error))
            case (nil, .more), (nil, .pending):
              new.finish(.finished)
              return room.isFull ? .more : poll
            }
            if poll.isTerminal { new.finish(poll) }
            branch = new
            do { chosen.start(try choose(event, new.flow)) } catch {
              upstream.end()
              return .failed(error)
            }
          }
        }
        context.scope.wake()
        return .more
      }
    }
  }

  /// Sends what comes, at most so many elements, or the end. The answer is how many those were, and whether there may
  /// be more at once.
  private static func feed(
    _ branch: Branch<Element>, from upstream: inout Upstream<Element>, atMost limit: Int
  ) -> (count: Int, asksAgain: Bool) {
    Chunk<Element>.scratch(limit) { input in
      let poll = upstream.poll(&input)
      let count = input.count
      while let element = input.next() { branch.send(element) }
      if poll.isTerminal { branch.finish(poll) }
      return (count, poll.asksAgain)
    }
  }
}
