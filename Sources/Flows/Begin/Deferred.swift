// A flow that is chosen when it is run.

extension Flow {
  /// Runs the flow that `make` returns, which is called at the start of each run.
  ///
  ///     made      -a-b-c-|
  ///     deferred  -a-b-c-|
  ///
  /// **Failure.** An error thrown by `make` fails the flow.
  @inlinable
  public static func deferred(_ make: @escaping @Sendable () throws -> Flow) -> Flow {
    Flow { context in
      do {
        return try make().start(in: context)
      } catch {
        return { _ in .failed(error) }
      }
    }
  }
}
