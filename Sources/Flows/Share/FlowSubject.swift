// A flow whose elements are sent from outside.

/// Sends elements to whoever is subscribed.
///
/// ```swift
/// let clicks = FlowSubject<Click>(buffer: 16, whenFull: .dropOldest)
/// let subscription = clicks.flow.subscribe { handle($0) }
/// clicks.send(click)
/// ```
///
///     sent  -a-b-c-|
///     flow  -a-b-c-|
///
/// Any thread may send; what several send at a time reaches all subscribers in one order. A sender does not wait
/// for anybody, so what a subscriber has not asked for waits in a buffer of its own, and the policy decides when
/// that is full. A subscriber gets what is sent after it came, and before that what is replayed; when the subject
/// has ended, what is replayed, and the end.
///
/// A subject that is let go completes: nobody could send any more.
public final class FlowSubject<Element: Sendable>: Sendable {
  @usableFromInline let hub: Hub<Element>
  /// What is sent.
  public let flow: Flow<Element>

  /// - Parameters:
  ///   - count: how many of the last elements a new subscriber gets first.
  ///   - capacity: the most elements that wait for one subscriber, at least 1; anything else traps.
  ///   - policy: what happens to an element that finds the buffer of a subscriber full.
  public init(replay count: Int = 0, buffer capacity: Int, whenFull policy: OverflowPolicy) {
    precondition(count >= 0, "FlowSubject(replay: \(count)): no negative number of elements can be replayed")
    precondition(
      capacity > 0, "FlowSubject(buffer: \(capacity)): a buffer needs room for at least one element")
    hub = Hub(HubRule(replay: count, capacity: capacity, policy: policy))
    flow = hub.flow
  }

  init(_ rule: HubRule) {
    hub = Hub(rule)
    flow = hub.flow
  }

  deinit { hub.finish(.finished) }

  /// What became of an element.
  public enum SendResult: Sendable, Equatable {
    /// So many subscribers have it, or will get it.
    case sent(subscribers: Int)
    /// So many subscribers were too slow and have lost this element or an older one, by the policy.
    case dropped(subscribers: Int)
    /// The subject has ended.
    case terminated
  }

  /// Sends an element to all subscribers.
  @inlinable
  @discardableResult
  public func send(_ element: Element) -> SendResult {
    switch hub.send(element) {
    case .delivered(let count): .sent(subscribers: count)
    case .dropped(let count): .dropped(subscribers: count)
    case .terminated: .terminated
    }
  }

  /// Completes, after what was sent. Only the first end counts.
  public func finish() { hub.finish(.finished) }

  /// Fails, after what was sent. Only the first end counts.
  public func fail(_ error: any Error) { hub.finish(.failed(error)) }

  /// The number of subscribers.
  public var subscriberCount: Int { hub.count }
}
