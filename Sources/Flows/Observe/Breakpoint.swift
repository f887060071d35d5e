// Stops where it becomes interesting.

extension Flow {
  /// Stops in the debugger when one of the closures says so. Without a debugger that ends the process.
  ///
  ///     source      -a-b-|
  ///     breakpoint  -a-b-|
  ///
  /// - Parameters:
  ///   - receiveSubscription: a run begins.
  ///   - receiveOutput: an element passes.
  ///   - receiveCompletion: the flow ends.
  public func breakpoint(
    receiveSubscription: (@Sendable () -> Bool)? = nil,
    receiveOutput: (@Sendable (Element) -> Bool)? = nil,
    receiveCompletion: (@Sendable (FlowEnd) -> Bool)? = nil
  ) -> Flow {
    handleEvents(
      receiveSubscription: { if receiveSubscription?() == true { Platform.stop() } },
      receiveOutput: { if receiveOutput?($0) == true { Platform.stop() } },
      receiveCompletion: { if receiveCompletion?($0) == true { Platform.stop() } })
  }

  /// Stops in the debugger when the flow fails. Without a debugger that ends the process.
  ///
  ///     source             -a-b-|
  ///     breakpointOnError  -a-b-|
  public func breakpointOnError() -> Flow { onError { _ in Platform.stop() } }
}
