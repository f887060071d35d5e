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
  /// What the parts, and where they come from, see of the environment of who runs them; `nil` for all of it.
  private let change: Change?

  typealias Change = @Sendable (Environment) -> Environment

  @usableFromInline
  init(
    limit: Int, isGiven: Bool = false, outliveFailure: Bool = false,
    _ start: @escaping @Sendable (FlowContext) -> Flow<Flow<Element>>.Stage
  ) {
    self.limit = limit
    self.isGiven = isGiven
    self.outliveFailure = outliveFailure
    self.start = start
    chain = nil
    change = nil
  }

  @usableFromInline
  init(_ chain: Chain<Element>) {
    limit = 1
    isGiven = true
    outliveFailure = false
    start = { _ in chain.stage() }
    self.chain = chain
    change = nil
  }

  /// The same parts, for which `change` comes before what changed their environment already.
  init(_ parts: Parts, behind change: @escaping Change) {
    limit = parts.limit
    isGiven = parts.isGiven
    outliveFailure = parts.outliveFailure
    start = parts.start
    chain = nil
    let further = parts.change
    self.change = { environment in
      let changed = change(environment)
      return further?(changed) ?? changed
    }
  }

  /// The environment of the parts, and of where they come from.
  @usableFromInline
  func inside(_ environment: Environment) -> Environment { change?(environment) ?? environment }
}

extension Flow {
  /// This flow, whose producers see an environment in which `change` was made. Its parts stay parts.
  func seeing(_ change: @escaping @Sendable (inout Environment.Values) -> Void) -> Flow {
    let recipe: Recipe = { context in start(in: context.with(change)) }
    guard let parts else { return Flow(recipe) }
    return Flow(Parts(parts, behind: { $0.with(change) }), recipe)
  }
}
