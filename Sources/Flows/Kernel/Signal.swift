// A flow of which only counts that it says something.

/// The second source of a stage whose elements are moments: it is consumed without limit, and let go when it ends.
@usableFromInline
struct Signal<Element: Sendable> {
  @usableFromInline let context: FlowContext
  @usableFromInline var source: Upstream<Element>
  /// What it failed with.
  @usableFromInline var failure: (any Error)?

  @inlinable
  init(_ flow: Flow<Element>, in context: FlowContext) {
    self.context = context
    source = Upstream(flow, in: context)
  }

  /// It has ended.
  @inlinable var isOver: Bool { !source.isLive }

  /// Whether something came since the last time; `body` is shown what.
  @inlinable
  mutating func hasCome(_ body: (Element) -> Void = { _ in }) -> Bool {
    guard source.isLive else { return false }
    var hasCome = false
    let poll = context.exhaust({ source.poll(&$0) }) {
      hasCome = true
      body($0)
    }
    if case .failed(let error) = poll { failure = error }
    return hasCome
  }

  /// Lets it go.
  @inlinable
  mutating func end() { source.end() }
}
