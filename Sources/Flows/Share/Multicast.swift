// One run for many subscribers, which begins when somebody says so.

extension Flow {
  /// Runs the flow once for all subscribers, when all are there.
  ///
  ///     source                   -a-b-c-|
  ///     multicast().autoconnect  -a-b-c-|
  ///
  /// ```swift
  /// let news = feed.multicast()
  /// let screen = news.flow.subscribe { show($0) }
  /// let archive = news.flow.subscribe { store($0) }
  /// let connection = news.connect()
  /// ```
  ///
  /// Everything else is as with ``share(replay:stop:buffer:whenFull:reset:)``, which begins with the first request.
  ///
  /// - Parameters:
  ///   - count: how many of the last elements who comes later gets first. They are kept as long as the run.
  ///   - capacity: the most elements that wait for one subscriber, at least 1; anything else traps.
  ///   - policy: what happens to an element when so many wait.
  public func multicast(
    replay count: Int = 0, buffer capacity: Int = 1, whenFull policy: SharePolicy = .backpressure
  ) -> ConnectableFlow<Element> {
    precondition(count >= 0, "multicast(replay: \(count)): no negative number of elements can be replayed")
    precondition(
      capacity > 0, "multicast(buffer: \(capacity)): a buffer needs room for at least one element")
    let rule = HubRule(replay: count, capacity: capacity, policy: policy.overflow, sparesAsked: true)
    return ConnectableFlow(Sharing(self, rule, start: .connection, stop: .never, reset: []))
  }
}

/// One run for many subscribers, which begins with ``connect()``: ``Flow/multicast(replay:buffer:whenFull:)``.
public struct ConnectableFlow<Element: Sendable>: Sendable {
  private let sharing: Sharing<Element>
  /// What the run delivers. Who subscribes before it begins waits for it; who subscribes when it has ended gets what is
  /// replayed, and the end.
  public let flow: Flow<Element>

  init(_ sharing: Sharing<Element>) {
    self.sharing = sharing
    flow = Flow { context in sharing.join(context) }
  }

  /// Begins the run, in the time and place of the subscriber that came first; without any, in those of the caller.
  /// Nothing is asked of it before a subscriber asks, unless it is consumed without limit.
  ///
  /// - Returns: the connection. Let go, or cancelled, it ends the run, and the subscribers fail with
  ///   `CancellationError`: keep it, `store(in:)` it, or `detach()` it. While there is a connection it is the answer
  ///   again; when the run is over, a new one begins, for those who come from then on.
  public func connect() -> FlowSubscription { FlowSubscription(sharing.connect()) }

  /// What the run delivers, which begins when so many subscribers are there.
  ///
  /// - Parameters:
  ///   - count: how many, at least 1; anything else traps.
  ///   - stop: when a run that began so ends although its upstream has not.
  public func autoconnect(_ count: Int = 1, stop: ShareStop = .whenUnused) -> Flow<Element> {
    precondition(count > 0, "autoconnect(\(count)): without a subscriber nobody notices")
    return Flow { [sharing] context in sharing.join(context, startingAt: count, stop: stop) }
  }

  /// The number of subscribers.
  public var subscriberCount: Int { sharing.count }
}
