// A value that changes.

/// A value, and a flow of what it becomes.
///
/// ```swift
/// let progress = CurrentValueFlow(0.0)
/// let subscription = progress.flow.subscribe { bar.show($0) }
/// progress.value = 0.5
/// ```
///
///     set   --b-c-|
///     flow  a-b-c-|
///
/// A subscriber first gets the value as it is, and then every change, but never an old one: a value that a
/// subscriber has not asked for yet gives way to the next. When the value has ended, a subscriber gets the last
/// one, and the end. Any thread may read and change it.
///
/// A value that is let go completes: nobody could change it any more.
public final class CurrentValueFlow<Element: Sendable>: Sendable {
  private let hub: Hub<Element>
  /// The value, and what it becomes.
  public let flow: Flow<Element>

  public init(_ value: Element) {
    hub = Hub(HubRule(replay: 1, capacity: 1, policy: .dropOldest))
    flow = hub.flow
    _ = hub.send(value)
  }

  deinit { hub.finish(.finished) }

  /// The value as it is. After the end it does not change any more.
  public var value: Element {
    get { hub.newest.element! }
    set { _ = hub.send(newValue) }
  }

  /// Changes the value as one step, whoever else changes it: `change` sees the value as it is, and is called again
  /// when somebody else was faster. The answer is that of the last call; `nil` after the end.
  @discardableResult
  public func update<R>(_ change: (inout Element) throws -> R) rethrows -> R? {
    while true {
      let (value, turn) = hub.newest
      var new = value!
      let result = try change(&new)
      switch hub.send(new, onTurn: turn) {
      case .delivered, .dropped: return result
      case .terminated: return nil
      case nil: continue
      }
    }
  }

  /// Completes. Only the first end counts.
  public func finish() { hub.finish(.finished) }

  /// Fails. Only the first end counts.
  public func fail(_ error: any Error) { hub.finish(.failed(error)) }

  /// The number of subscribers.
  public var subscriberCount: Int { hub.count }
}
