// For code that cannot await: `main`, a script, a C callback on a thread of its own.

/// Each of these runs the flow on the calling thread, parks that while there is nothing to do, and can be called from
/// synchronous code only.
///
/// They refuse a thread on which waiting could wait for itself, by throwing ``FlowBlockingError``: one that a task
/// runs on, whether of the shared pool or of an actor, and one of a ``SystemScheduler``. What they cannot know: a main
/// thread that is blocked outside of any task serves no main actor, so a flow that needs that never ends there; give a
/// `timeout`.
///
/// Every one throws the flow's error, ``FlowBlockingError``, and what its closure throws. `timeout` is real time, for
/// the whole run, which is cancelled then.
extension Flow {
  /// Waits for the first element; `nil` when there is none. **Demand.** One.
  @available(*, noasync, message: "use first()")
  public func blockingFirst(timeout: Duration? = nil) throws -> Element? {
    var first: Element?
    try consumeBlocking(atMost: 1, timeout: timeout) { chunk in
      first = chunk.next()
      return first == nil
    }
    return first
  }

  /// Waits for the end and returns the last element; `nil` when there is none.
  @available(*, noasync, message: "use last()")
  public func blockingLast(timeout: Duration? = nil) throws -> Element? {
    var last: Element?
    try blockingForEach(timeout: timeout) { last = $0 }
    return last
  }

  /// Waits for the end and returns the only element.
  /// - Throws: also ``FlowValueError``, when there is none, or more than one.
  @available(*, noasync, message: "use value")
  public func blockingValue(timeout: Duration? = nil) throws -> Element {
    guard let only = try onlyOne().blockingFirst(timeout: timeout) else { throw FlowValueError.empty }
    return only
  }

  /// Waits for the end and returns all elements.
  @available(*, noasync, message: "use collect()")
  public func blockingCollect(timeout: Duration? = nil) throws -> [Element] {
    var elements: [Element] = []
    try blockingForEach(timeout: timeout) { elements.append($0) }
    return elements
  }

  /// Waits for the end and combines the elements, from the first to the last.
  @available(*, noasync, message: "use reduce(_:_:)")
  public func blockingReduce<Result>(
    _ initial: Result, timeout: Duration? = nil, _ combine: (Result, Element) throws -> Result
  ) throws -> Result {
    var result = initial
    try blockingForEach(timeout: timeout) { result = try combine(result, $0) }
    return result
  }

  /// Calls `body` for each element, on this thread, until the end.
  @available(*, noasync, message: "use forEach(_:)")
  @inlinable
  public func blockingForEach(
    timeout: Duration? = nil, _ body: (Element) throws -> Void
  ) throws {
    try consumeBlocking(timeout: timeout) { chunk in
      while let element = chunk.next() { try body(element) }
      return true
    }
  }
}
