// What a consumer that polls by itself has in common with others: a task, or a thread.

/// The scope of a run whose stage is polled by the one who consumes: polling needs no permission, waking only ends
/// a wait.
@usableFromInline
class Consumer: PolledScope, @unchecked Sendable {
  @usableFromInline override init() { super.init() }

  /// The consumer leaves `element`.
  @inlinable
  final func discard<Element: Sendable>(_ element: Element) { leftoverHook?(element, .ended) }

  /// The consumer is done.
  @usableFromInline
  final func close() {
    end()
    leftoverHook = nil
  }
}
