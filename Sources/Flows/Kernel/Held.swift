// What a stage holds between two polls.

/// Elements that a stage has accepted and not delivered yet, oldest first.
///
/// A stage keeps them here instead of in a `var`, so that none is lost: what is still held when the stage is
/// let go, because the run was cancelled or has failed, is discarded by name.
@usableFromInline
package final class Held<Element: Sendable> {
  @usableFromInline let context: FlowContext
  @usableFromInline var queue = Ring<Element>()

  @inlinable
  package init(_ context: FlowContext) { self.context = context }

  @inlinable
  deinit { discardAll(.ended) }

  @inlinable package var isEmpty: Bool { queue.isEmpty }
  @inlinable package var count: Int { queue.count }

  @inlinable
  package func append(_ element: Element) { queue.append(element) }

  /// Takes the oldest element out.
  @inlinable
  package func next() -> Element? { queue.popFirst() }

  /// The oldest element, left where it is.
  @inlinable
  var first: Element? { queue.first }

  /// Takes the newest element out.
  @inlinable
  func last() -> Element? { queue.popLast() }

  /// Polls `upstream` for at most `limit` elements, and holds what comes.
  @inlinable
  func fill(atMost limit: Int, from upstream: Flow<Element>.Stage) -> Poll {
    Chunk<Element>.scratch(limit) { input in
      let poll = upstream(&input)
      queue.append(draining: &input)
      return poll
    }
  }

  /// Holds `element` alone; what was held before is given up by policy.
  @inlinable
  package func replace(with element: Element) {
    discardAll(.policy)
    queue.append(element)
  }

  /// Delivers `element`, or holds it alone when there is no room; what was held before is given up by policy.
  @inlinable
  func deliver(_ element: Element, into room: inout Chunk<Element>) {
    if isEmpty && !room.isFull { room.append(element) } else { replace(with: element) }
  }

  /// Moves as many elements as there is room for into `room`.
  @inlinable
  package func drain(into room: inout Chunk<Element>) { queue.drain(into: &room) }

  /// Takes the oldest `count` elements out.
  @inlinable
  func take(_ count: Int) -> [Element] {
    var taken: [Element] = []
    taken.reserveCapacity(count)
    while taken.count < count, let element = queue.popFirst() { taken.append(element) }
    return taken
  }

  /// Moves at most `count` elements, and as many as there is room for, into `room`.
  @inlinable
  func drain(atMost count: Int, into room: inout Chunk<Element>) {
    room.lend(atMost: count) { queue.drain(into: &$0) }
  }

  /// Moves every element of `input` behind those that are held.
  @inlinable
  func append(draining input: inout Chunk<Element>) { queue.append(draining: &input) }

  @inlinable
  package func discardAll(_ reason: DiscardReason) {
    while let element = queue.popFirst() { context.discard(element, reason) }
  }
}
