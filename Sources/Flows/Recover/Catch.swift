// Another flow after a failure.

extension Flow {
  /// When the upstream fails, goes on with the flow that `handler` makes of the error.
  ///
  ///     source          -a-b-#
  ///     other           -x-y-|
  ///     catch { other } -a-b--x-y-|
  ///
  /// The upstream is let go before `handler` is called. An error of the second flow is passed on, and so is one that
  /// the consumer or an operator downstream throws: only failures from upstream come here.
  ///
  /// **Demand.** What was asked for and not delivered is asked of the second flow.
  /// **Failure.** An error thrown by `handler` takes the place of the one it was given.
  @inlinable
  public func `catch`(_ handler: @escaping @Sendable (any Error) throws -> Flow) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      var hasFailed = false
      return { room in
        let poll = upstream.poll(&room)
        guard !hasFailed, case .failed(let error) = poll else { return poll }
        hasFailed = true
        do { upstream.start(try handler(error)) } catch { return .failed(error) }
        return upstream.poll(&room)
      }
    }
  }
}
