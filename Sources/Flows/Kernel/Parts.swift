// What a flow consists of that is nothing but other flows.

/// Where the flows come from that a flow consists of, and how many of them live at a time.
///
/// A flow that carries its parts can be run by the stage that holds it, in the place of its own: then nesting,
/// chains of any length and recursion at the end of a flow cost memory in a list, and no depth of the stack.
@usableFromInline
final class Parts<Element: Sendable>: Sendable {
  /// The stage of one run, which delivers the parts.
  @usableFromInline let start: @Sendable (FlowContext) -> Flow<Flow<Element>>.Stage
  /// The most parts that live at a time.
  @usableFromInline let limit: Int
  /// The parts exist already: the next one is started without waiting for demand.
  @usableFromInline let isGiven: Bool
  /// When the source of the parts fails, those that live go to their end before the failure is passed on.
  @usableFromInline let outliveFailure: Bool
  /// The parts, when they are a chain that can be made longer.
  @usableFromInline let chain: Chain<Element>?

  @inlinable
  init(
    limit: Int, isGiven: Bool = false, outliveFailure: Bool = false,
    _ start: @escaping @Sendable (FlowContext) -> Flow<Flow<Element>>.Stage
  ) {
    self.limit = limit
    self.isGiven = isGiven
    self.outliveFailure = outliveFailure
    self.start = start
    chain = nil
  }

  @inlinable
  init(_ chain: Chain<Element>) {
    limit = 1
    isGiven = true
    outliveFailure = false
    start = { _ in chain.stage() }
    self.chain = chain
  }
}
