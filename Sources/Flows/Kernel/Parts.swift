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
  /// What becomes of the others when one fails.
  @usableFromInline let failures: PartFailures
  /// The parts, when they are a chain that can be made longer.
  @usableFromInline let chain: Chain<Element>?
  /// What the parts, and where they come from, see of the environment of who runs them; `nil` for all of it.
  private let change: Change?

  typealias Change = @Sendable (Environment) -> Environment

  @usableFromInline
  init(
    limit: Int, isGiven: Bool = false, failures: PartFailures = .atOnce,
    _ start: @escaping @Sendable (FlowContext) -> Flow<Flow<Element>>.Stage
  ) {
    self.limit = limit
    self.isGiven = isGiven
    self.failures = failures
    self.start = start
    chain = nil
    change = nil
  }

  @usableFromInline
  init(_ chain: Chain<Element>) {
    limit = 1
    isGiven = true
    failures = .atOnce
    start = { _ in chain.stage() }
    self.chain = chain
    change = nil
  }

  /// The same parts, for which `change` comes before what changed their environment already.
  init(_ parts: Parts, behind change: @escaping Change) {
    limit = parts.limit
    isGiven = parts.isGiven
    failures = parts.failures
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

/// When a failure among parts that live together is passed on.
@usableFromInline
enum PartFailures: Sendable {
  /// At once: it cancels the others.
  case atOnce
  /// At once when it is that of a part. When it is that of their source, those that live go to their end before.
  case ofSourceLast
  /// When all others have come to their end.
  case atEnd

  @inlinable
  init(_ policy: FailurePolicy) {
    switch policy {
    case .atOnce: self = .atOnce
    case .atEnd: self = .atEnd
    }
  }
}

/// When several flows become one and one of them fails: what becomes of the others.
public enum FailurePolicy: Sendable, Equatable {
  /// The failure is passed on at once, and cancels the others.
  case atOnce
  /// The others go on. When all have come to their end, the flow fails with the failure that came first; later ones are
  /// handed to `onDiscard(of:)` as errors.
  case atEnd
}

extension Flow {
  /// This flow, whose producers see an environment in which `change` was made. Its parts stay parts.
  func seeing(_ change: @escaping @Sendable (inout Environment.Values) -> Void) -> Flow {
    let recipe: Recipe = { context in start(in: context.with(change)) }
    guard let parts else { return Flow(recipe) }
    return Flow(Parts(parts, behind: { $0.with(change) }), recipe)
  }
}
