// Callbacks.

extension Flow {
  /// Runs the flow and calls back for each element and for the end.
  ///
  ///     source     -a-b-c-|
  ///     subscribe  -a-b-c-|
  ///
  /// ```swift
  /// let subscription = answer.subscribe { token in print(token) } onEnd: { end in print(end) }
  /// ```
  ///
  /// Callbacks come one at a time, under no lock, from whoever wakes the run: the caller itself for what is there
  /// at once. The last one is `onEnd`, unless the subscription is cancelled; after `cancel()` has returned no
  /// callback begins, except one that another thread has begun already.
  ///
  /// - Parameters:
  ///   - demand: how many elements are asked for at first; `FlowSubscription.request(_:)` asks for more.
  ///   - onValue: called for each element. An error thrown here cancels upstream and ends the subscription with
  ///     that error; operators upstream never see it.
  ///   - onEnd: called once, with the way in which the flow ended.
  /// - Returns: the handle. Let go, it cancels: keep it, `store(in:)` it, or `detach()` it.
  @inlinable
  public func subscribe(
    demand: FlowDemand = .unlimited,
    onValue: @escaping @Sendable (Element) throws -> Void,
    onEnd: @escaping @Sendable (FlowEnd) -> Void = { _ in }
  ) -> FlowSubscription {
    let run = Push<Element>()
    run.start(self, demand: demand, onValue: onValue, onEnd: onEnd)
    return FlowSubscription(run)
  }

  /// Runs the flow and calls back for each element, and each call answers how many more are asked for.
  ///
  /// ```swift
  /// let subscription = rows.subscribe(initialDemand: 10) { row in
  ///   table.append(row)
  ///   return table.count < 1000 ? 1 : .none
  /// }
  /// ```
  ///
  /// All else is as with ``subscribe(demand:onValue:onEnd:)``, of which this is the form for a consumer that asks
  /// from inside.
  ///
  /// - Parameters:
  ///   - initialDemand: how many elements are asked for at first.
  ///   - onValue: called for each element; the answer adds to what is outstanding.
  ///   - onEnd: called once, with the way in which the flow ended.
  @inlinable
  public func subscribe(
    initialDemand: FlowDemand,
    onValue: @escaping @Sendable (Element) throws -> FlowDemand,
    onEnd: @escaping @Sendable (FlowEnd) -> Void = { _ in }
  ) -> FlowSubscription {
    let run = Push<Element>()
    // The driver holds the run while it calls.
    run.start(
      self, demand: initialDemand,
      onValue: { [unowned(unsafe) run] element in
        let more = try onValue(element).count
        if more > 0 { run.request(more) }
      }, onEnd: onEnd)
    return FlowSubscription(run)
  }
}

/// How a flow ended.
public enum FlowEnd: Sendable {
  case finished
  case failed(any Error)
}

/// A number of elements that a consumer asks for.
public struct FlowDemand: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// `.max` stands for unlimited.
  @usableFromInline package let count: Int

  /// - Parameter count: zero or more; a negative number is a programmer's error and traps.
  @inlinable
  public init(_ count: Int) {
    precondition(count >= 0, "a demand of \(count) elements makes no sense")
    self.count = count
  }

  @inlinable public init(integerLiteral value: Int) { self.init(value) }

  /// As many as there are.
  public static let unlimited = FlowDemand(.max)
  public static let none = FlowDemand(0)
}

/// A live subscription. Let go, it cancels.
public final class FlowSubscription: Sendable {
  @usableFromInline let run: Run

  @usableFromInline init(_ run: Run) { self.run = run }

  deinit { run.handleIsGone() }

  /// Asks for `count` more elements, on top of what is outstanding. Any thread; after the end it does nothing.
  /// - Parameter count: at least 1; anything else is a programmer's error and traps.
  public func request(_ count: Int) {
    precondition(count > 0, "request(\(count)): ask for at least one element")
    run.request(count)
  }

  /// Ends the run. Any thread, any number of times. What the run owned is released before this returns.
  public func cancel() { run.cancel() }

  /// The run has ended in whatever way.
  public var isEnded: Bool { run.isEnded }

  /// Lets the run live to its end without the handle.
  public func detach() { run.detach() }

  /// Keeps the subscription as long as `set`.
  public func store(in set: inout Set<FlowSubscription>) { set.insert(self) }
}

extension FlowSubscription: Hashable {
  public static func == (a: FlowSubscription, b: FlowSubscription) -> Bool { a === b }
  public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
