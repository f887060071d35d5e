// A flow that cannot fail.

extension Flow {
  /// Ends the process with a message when the upstream fails: where a failure would be a mistake of the programmer.
  ///
  ///     source           -a-b-|
  ///     assertNoFailure  -a-b-|
  ///
  /// - Parameters:
  ///   - message: stands before the error.
  ///   - file: where in the source the flow was said not to fail, and in which line.
  ///   - line: see `file`.
  @inlinable
  public func assertNoFailure(
    _ message: String = "", file: StaticString = #file, line: UInt = #line
  ) -> Flow {
    mapError { error in
      let reason = message.isEmpty ? "a flow has failed that cannot fail" : message
      fatalError("\(reason): \(error)", file: file, line: line)
    }
  }
}
