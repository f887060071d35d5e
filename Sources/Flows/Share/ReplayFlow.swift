// A subject that remembers.

/// Sends elements to whoever is subscribed, and first of all what was sent lately.
///
/// ```swift
/// let alarms = ReplayFlow<Alarm>(count: 100, age: .seconds(60), buffer: 100, whenFull: .dropOldest)
/// alarms.send(alarm)
/// let subscription = alarms.flow.subscribe { show($0) }
/// ```
///
///     sent  -a-b-c-|
///     flow  -a-b-c-|
///
/// It is a ``FlowSubject`` whose memory is bounded by number and by age. Who subscribes when it has ended gets what is
/// remembered, and the end.
///
/// **Time.** An element is as old as it is since it was sent, and is forgotten when it has its age. What that holds
/// is let go when the next element is sent, or the next subscriber comes.
///
/// Let go, it completes: nobody could send any more.
public final class ReplayFlow<Element: Sendable>: Sendable {
  private let subject: FlowSubject<Element>

  /// - Parameters:
  ///   - count: how many of the last elements a new subscriber gets first, at least 1; anything else traps. `.max` for
  ///     all of them.
  ///   - age: how old they may be; `nil` for any age.
  ///   - capacity: the most elements that wait for one subscriber, at least 1; anything else traps.
  ///   - policy: what happens to an element that finds the buffer of a subscriber full.
  ///   - scheduler: whose time it is, by default that of flows which are run here.
  public init(
    count: Int, age: Duration? = nil, buffer capacity: Int, whenFull policy: OverflowPolicy,
    scheduler: (any FlowScheduler)? = nil
  ) {
    precondition(count > 0, "ReplayFlow(count: \(count)): what remembers nothing is a FlowSubject")
    precondition(
      capacity > 0, "ReplayFlow(buffer: \(capacity)): a buffer needs room for at least one element")
    let lifetime = age.map { ReplayLifetime($0, scheduler ?? Environment.current.scheduler) }
    subject = FlowSubject(HubRule(replay: count, lifetime: lifetime, capacity: capacity, policy: policy))
  }

  /// What is remembered, and what is sent.
  public var flow: Flow<Element> { subject.flow }

  /// Sends an element to all subscribers.
  @discardableResult
  public func send(_ element: Element) -> FlowSubject<Element>.SendResult { subject.send(element) }

  /// Completes, after what was sent. Only the first end counts.
  public func finish() { subject.finish() }

  /// Fails, after what was sent. Only the first end counts.
  public func fail(_ error: any Error) { subject.fail(error) }

  /// The number of subscribers.
  public var subscriberCount: Int { subject.subscriberCount }
}
