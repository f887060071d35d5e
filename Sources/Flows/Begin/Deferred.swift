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
    // Who runs flows one after another takes it as a row of one, so that recursion does not nest.
    let parts = Parts<Element>(limit: 1, isGiven: true) { _ in
      { room in
        if room.isFull { return .more }
        do { room.append(try make()) } catch { return .failed(error) }
        return .finished
      }
    }
    return Flow(parts) { context in
      do {
        return try make().start(in: context)
      } catch {
        return { _ in .failed(error) }
      }
    }
  }
}
