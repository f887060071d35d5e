// A test that overlooks nothing.
import Flows

extension Flow {
  /// Runs the flow in `time` while `body` looks at what comes, and sees to it that `body` has seen all.
  ///
  /// ```swift
  /// try source.flow.debounce(for: .seconds(1)).test(in: time) { seen in
  ///   source.send("s", "sw")
  ///   try seen.expectNothing(for: .milliseconds(999))
  ///   time.advance(by: .milliseconds(1))
  ///   try seen.expect("sw")
  /// }
  /// ```
  ///
  /// What came and was not expected is an error, and so is a timer that is set when the run is over. A flow that has not
  /// ended is cancelled. ``Recording/ignoreRest()`` lets everything else be.
  ///
  /// - Parameters:
  ///   - time: its scheduler.
  ///   - demand: how many elements are asked for at first.
  ///   - body: expects what comes.
  /// - Throws: ``Unmet``, or what `body` throws.
  public func test<Result>(
    in time: VirtualTime, demand: FlowDemand = .unlimited, _ body: (Recording<Element>) throws -> Result
  ) throws -> Result {
    let before = time.pendingTimers
    let seen = record(in: time, demand: demand)
    let result = try body(seen)
    try seen.done()
    seen.cancel()
    time.advance(by: .zero)
    try seen.done()
    let left = time.pendingTimers - before
    if left > 0 { throw Unmet("\(left) timers are still set by a run that is over") }
    return result
  }
}
