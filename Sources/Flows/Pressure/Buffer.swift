// Room between a producer and a slower consumer.

extension Flow {
  /// Holds up to `capacity` elements that the consumer has not asked for yet.
  ///
  ///     source             -abcd|
  ///     buffer(2, oldest)  -a------c-(d|)
  ///     demand             1-------1-1
  ///
  /// **Demand.** With `.backpressure`, upstream is asked for as many elements as there is space for, from the
  /// start of the run. With any other policy it is consumed without limit, and the policy decides about the
  /// elements that find the buffer full; those that it gives up are heard by `onDrop`. **Completion** and
  /// **Failure** come after the elements that wait. An error thrown in `.reduce` cancels upstream and fails the
  /// flow.
  ///
  /// - Parameters:
  ///   - capacity: the most elements that wait, at least 1; anything else traps.
  ///   - policy: what happens when so many wait.
  @inlinable
  public func buffer(_ capacity: Int, whenFull policy: BufferPolicy<Element>) -> Flow {
    precondition(capacity > 0, "buffer(\(capacity)): a buffer needs room for at least one element")
    if case .backpressure = policy { return ahead(by: capacity) }
    return Flow { context in
      var upstream = Upstream(self, in: context)
      let waiting = Held<Element>(context)
      var gauge = context.gauge(capacity: capacity)
      var ending = Poll.pending
      return { room in
        defer { gauge?.set(waiting.count) }
        let hasRoom = !room.isFull
        waiting.drain(into: &room)
        if !ending.isTerminal {
          if !hasRoom {
            ending = context.exhaust(&upstream) { try policy.admit($0, to: waiting, capacity: capacity) }
          } else if !room.isFull {
            ending = upstream.poll(&room)
            if !room.isFull { return ending }
          }
          // Whether the consumer still wants something is seen by the next poll only, so there must be one.
          if hasRoom, !ending.isTerminal { context.scope.wake() }
        }
        if !waiting.isEmpty { return .more }
        return ending
      }
    }
  }

  /// Polls upstream for as much as there is space for.
  @inlinable
  func ahead(by capacity: Int) -> Flow {
    Flow { context in
      let upstream = start(in: context)
      let waiting = Held<Element>(context)
      var gauge = context.gauge(capacity: capacity)
      var ending = Poll.more
      return { room in
        defer { gauge?.set(waiting.count) }
        var fruitless = 0
        while true {
          waiting.drain(into: &room)
          if !ending.isTerminal {
            let count = waiting.count
            ending = waiting.fill(atMost: capacity - count, from: upstream)
            if ending.asksAgain, count < capacity {
              fruitless = waiting.count > count ? 0 : fruitless + 1
              if fruitless < Poll.patience { continue }
              // Upstream never runs dry, and nothing comes of it: the driver gets a turn, to hear of a cancellation.
              context.scope.wake()
            }
            waiting.drain(into: &room)
          }
          return waiting.isEmpty ? ending : .more
        }
      }
    }
  }
}
