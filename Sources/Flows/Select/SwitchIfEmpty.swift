// Another flow instead of nothing.

extension Flow {
  /// Goes on with the flow that `other` makes when this one completes without an element.
  ///
  ///     source         ---|
  ///     other          -x-|
  ///     switchIfEmpty  ----x-|
  ///
  /// **Demand.** What was asked for is asked of the other flow. **Completion.** This flow is let go before the other
  /// one is made. **Failure.** An error thrown by `other` fails the flow.
  @inlinable
  public func switchIfEmpty(_ other: @escaping @Sendable () throws -> Flow) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      var isEmpty = true
      return { room in
        let start = room.count
        let poll = upstream.poll(&room)
        if room.count > start { isEmpty = false }
        guard isEmpty, case .finished = poll else { return poll }
        isEmpty = false
        do { upstream.start(try other()) } catch { return .failed(error) }
        return upstream.poll(&room)
      }
    }
  }

  /// Fails with `error` when the flow completes without an element.
  ///
  ///     source       ---|
  ///     failIfEmpty  ---#
  @inlinable
  public func failIfEmpty(_ error: @autoclosure @escaping @Sendable () -> any Error) -> Flow {
    switchIfEmpty { throw error() }
  }
}
