// Until an instant.

extension Flow {
  /// Fails, or switches to another flow, when the upstream is not complete at `instant`.
  ///
  ///     source          -a-b-----c|
  ///     deadline(at 5)  -a-b-#
  ///
  /// What ``timeout(first:idle:total:onTimeout:)`` does after a time, for a deadline that several flows have in common.
  ///
  /// **Failure.** With ``FlowTimeoutError``. When `instant` has passed before the run begins, the upstream is not started.
  ///
  /// - Parameters:
  ///   - instant: in the time of the run.
  ///   - choice: what happens then.
  @inlinable
  public func deadline(_ instant: FlowInstant, onTimeout choice: TimeoutChoice = .fail) -> Flow {
    Flow { context in
      let left = context.now.duration(to: instant)
      if left >= .zero { return timeout(total: left, onTimeout: choice).start(in: context) }
      switch choice {
      case .switchTo(let other): return other.start(in: context)
      case .fail:
        let error = FlowTimeoutError(
          deadline: .total, limit: .zero, seen: 0, elapsed: .zero, label: context.name)
        return { _ in .failed(error) }
      }
    }
  }
}
