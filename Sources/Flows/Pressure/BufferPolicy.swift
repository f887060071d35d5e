// What a full buffer does.

/// What `buffer(_:whenFull:)` does with an element that finds the buffer full.
public enum BufferPolicy<Element: Sendable>: Sendable {
  /// Lets none come: upstream is asked for no more than there is space for.
  case backpressure
  /// Gives up the element that arrives.
  case dropNewest
  /// Gives up the element that waited longest.
  case dropOldest
  /// Fails the flow with ``FlowBufferOverflow``, after the elements that wait.
  case fail
  /// Makes one element of the newest that waits and the one that arrives.
  case reduce(@Sendable (_ waiting: Element, _ new: Element) throws -> Element)
}

extension BufferPolicy {
  /// Adds `element` to what waits, or does what is to be done when `capacity` elements wait already.
  @inlinable
  func admit(_ element: Element, to waiting: Held<Element>, capacity: Int) throws {
    guard waiting.count >= capacity else { return waiting.append(element) }
    switch self {
    case .dropOldest:
      if let oldest = waiting.next() { waiting.context.discard(oldest, .policy) }
      waiting.append(element)
    case .reduce(let combine):
      guard let newest = waiting.last() else { return }
      do {
        waiting.append(try combine(newest, element))
      } catch {
        waiting.append(newest)
        waiting.context.discard(element)
        throw error
      }
    case .dropNewest, .backpressure: waiting.context.discard(element, .policy)
    case .fail:
      waiting.context.discard(element, .policy)
      throw FlowBufferOverflow(capacity: capacity)
    }
  }
}
