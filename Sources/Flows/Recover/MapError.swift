// Another error for the same failure.

extension Flow {
  /// When the upstream fails, fails with what `transform` makes of the error.
  ///
  ///     source    -a-b-#
  ///     mapError  -a-b-#
  ///
  /// **Failure.** An error thrown by `transform` is as good as one that it returns.
  @inlinable
  public func mapError(_ transform: @escaping @Sendable (any Error) throws -> any Error) -> Flow {
    Flow { context in
      let upstream = start(in: context)
      return { room in
        let poll = upstream(&room)
        guard case .failed(let error) = poll else { return poll }
        do { return .failed(try transform(error)) } catch { return .failed(error) }
      }
    }
  }
}
