// Elements that lead to more elements.

extension Flow {
  /// Delivers each element, and then those of the flow that `transform` makes of it, and then those of the flows that
  /// it makes of these, and so on: breadth first, one flow after another.
  ///
  ///     source     -(12)-------|
  ///     expand(1)  -(12)-------(abcd|)
  ///
  /// with the flow of a and b for 1, and that of c and d for 2.
  ///
  /// **Demand.** One flow runs at a time, and is asked for what was asked for here. An element that leads to more
  /// waits, after its delivery, until the flows before it are complete. **Completion.** When nothing leads to more,
  /// which a cycle does for ever unless `depth` ends it. **Failure.** The first, an error thrown by `transform` too;
  /// ``FlowBufferOverflow`` when more than `limit` elements would have to wait.
  ///
  /// - Parameters:
  ///   - depth: how many flows an element may come from, one out of the other: with 0, nothing is expanded. A
  ///     negative number traps.
  ///   - limit: the most elements that wait to be expanded, at least 1; anything else traps. Elements at the greatest
  ///     depth do not wait.
  ///   - transform: makes a flow of an element.
  @inlinable
  public func expand(
    maxDepth depth: Int, limit: Int, _ transform: @escaping @Sendable (Element) throws -> Flow
  ) -> Flow {
    precondition(depth >= 0, "expand(maxDepth: \(depth)): a depth cannot be negative")
    precondition(limit > 0, "expand(limit: \(limit)): at least one element must be able to wait")
    return Flow { context in
      var present = Upstream(self, in: context)
      // Delivered, and to be expanded, with the depth of what comes out of them.
      var waiting = Ring<(element: Element, depth: Int)>()
      var level = 0
      return { room in
        for _ in 0..<Poll.patience {
          let start = room.count
          // No more than can wait, and one to find out that there are too many.
          let most = level < depth ? limit &- waiting.count : Int.max
          let poll = room.lend(atMost: most == .max ? most : most &+ 1) { present.poll(&$0) }
          if room.count &- start > most {
            present.end()
            return .failed(FlowBufferOverflow(capacity: limit))
          }
          if level < depth { room.forEach(from: start) { waiting.append(($0, level &+ 1)) } }
          guard case .finished = poll else { return poll }
          guard let next = waiting.popFirst() else { return .finished }
          level = next.depth
          do { present.start(try transform(next.element)) } catch { return .failed(error) }
        }
        return .more
      }
    }
  }
}
