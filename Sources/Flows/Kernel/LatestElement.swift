// The newest element of a source.

/// What a stage keeps of a source of which only the newest element counts. One that gives way to a newer one, or
/// is left over, without ever having been used is discarded by name.
@usableFromInline
final class LatestElement<Element: Sendable> {
  @usableFromInline let context: FlowContext
  @usableFromInline var element: Element?
  @usableFromInline var isUsed = true

  @inlinable
  init(_ context: FlowContext) { self.context = context }

  @inlinable
  deinit { discardUnused(.ended) }

  @inlinable var isEmpty: Bool { element == nil }

  @inlinable
  func replace(with element: Element) {
    discardUnused(.policy)
    self.element = element
    isUsed = false
  }

  /// The newest element, which goes out to the consumer now.
  @inlinable
  func use() -> Element? {
    isUsed = true
    return element
  }

  @inlinable
  func discardUnused(_ reason: DiscardReason) {
    if !isUsed, let element { context.discard(element, reason) }
  }
}
