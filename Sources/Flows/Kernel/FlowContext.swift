// What a recipe is handed when a run starts.

/// The run that a stage is being made for: what to wake, what to register, which time to use, and what the
/// consumer wants its producers to know.
///
/// A recipe receives a context and must not keep it beyond the stage that it returns.
@frozen
public struct FlowContext: Sendable {
  /// What to wake, and the owner of what is started here.
  public let scope: Scope
  @usableFromInline let environment: Environment

  @usableFromInline
  init(scope: Scope, environment: Environment) {
    self.scope = scope
    self.environment = environment
  }

  /// The time and place of this run.
  public var scheduler: any FlowScheduler { environment.scheduler }

  public var now: FlowInstant { environment.scheduler.now }

  /// The name that was given with `named(_:)` further down, if any.
  public var name: String? { environment.name }

  /// The value that was set for `key` further down with `withValue(_:for:)`, or the key's default.
  public subscript<Key: FlowContextKey>(_ key: Key.Type) -> Key.Value {
    // Asked for first: cast at once, a missing value would be taken for one that is optional and absent.
    guard let value = environment.values[ObjectIdentifier(key)] else { return Key.defaultValue }
    return value as? Key.Value ?? Key.defaultValue
  }

  /// Runs `action` once when this run, or the child that the stage belongs to, ends in any way.
  public func onEnd(_ action: @escaping @Sendable () -> Void) {
    scope.own(ReleaseAction(carried(action)))
  }

  /// Hands a value that the stage accepted and cannot deliver to `onDiscard`.
  @inlinable @inline(__always)
  public func discard<Value: Sendable>(_ value: Value, _ reason: DiscardReason = .ended) {
    environment.discard(value, reason)
  }

  /// Whether anybody listens for discarded values.
  @inlinable
  var hearsDiscards: Bool { environment.discardHook != nil }

  func with(_ change: (inout Environment.Values) -> Void) -> FlowContext {
    FlowContext(scope: scope, environment: environment.with(change))
  }

  func with(scope: Scope) -> FlowContext {
    FlowContext(scope: scope, environment: environment)
  }
}

/// A name for a value that consumers hand up to producers, with the value it has when nobody did.
public protocol FlowContextKey: SendableMetatype {
  associatedtype Value: Sendable
  static var defaultValue: Value { get }
}

/// Why a value that a flow had accepted was not delivered.
public enum DiscardReason: Sendable, Equatable {
  /// The run was cancelled, or it failed, while the value was on its way.
  case ended
  /// A declared policy gave it up: a full buffer, a newer value, a tick that nobody asked for.
  case policy
}

/// Hears of values that are not delivered.
@usableFromInline typealias DiscardHook = @Sendable (any Sendable, DiscardReason) -> Void

/// What a context carries unchanged from the consumer to the sources. Immutable, shared by all stages of a run.
@usableFromInline
final class Environment: Sendable {
  @usableFromInline struct Values: Sendable {
    var scheduler: any FlowScheduler = SystemScheduler.shared
    var name: String?
    var values: [ObjectIdentifier: any Sendable] = [:]
    var discardHook: DiscardHook?
    /// Hears how full buffers are.
    var gauges: Gauges?
    /// Puts the subscriber's task-local values around what is run for it.
    var taskValues: Around?
  }

  private let all: Values
  @usableFromInline let discardHook: DiscardHook?

  init(_ values: Values) {
    all = values
    discardHook = values.discardHook
  }

  static let standard = Environment(Values())

  /// The environment of a run that starts here: the standard one, unless a test has set the time of its task.
  @usableFromInline
  static var current: Environment { TaskScheduler.environment ?? standard }

  @inlinable @inline(__always)
  func discard<Value: Sendable>(_ value: Value, _ reason: DiscardReason = .ended) {
    if let discardHook { discardHook(value, reason) }
  }

  var copy: Values { all }

  func with(_ change: (inout Values) -> Void) -> Environment {
    var values = all
    change(&values)
    return Environment(values)
  }

  var scheduler: any FlowScheduler { all.scheduler }
  var name: String? { all.name }
  var values: [ObjectIdentifier: any Sendable] { all.values }
  var taskValues: Around? { all.taskValues }
  var gauges: Gauges? { all.gauges }
}

/// The scheduler that runs started in a task use when nothing further down the chain says otherwise.
enum TaskScheduler {
  @TaskLocal static var environment: Environment?
}

extension FlowScheduler {
  /// Makes this scheduler the time of every run that is started inside `body`, and in tasks started there.
  package func asDefault<R>(_ body: () throws -> R) rethrows -> R {
    var values = Environment.current.copy
    values.scheduler = self
    return try TaskScheduler.$environment.withValue(Environment(values), operation: body)
  }
}
