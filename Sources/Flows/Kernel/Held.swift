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

  /// Holds `element` alone; what was held before is given up by policy.
  @inlinable
  package func replace(with element: Element) {
    discardAll(.policy)
    queue.append(element)
  }

  /// Moves as many elements as there is room for into `room`.
  @inlinable
  package func drain(into room: inout Chunk<Element>) { queue.drain(into: &room) }

  @inlinable
  package func discardAll(_ reason: DiscardReason) {
    while let element = queue.popFirst() { context.discard(element, reason) }
  }
}
