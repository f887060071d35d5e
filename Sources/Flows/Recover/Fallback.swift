// Other flows, in order, after failures.

extension Flow {
  /// What may have been delivered already for `fallback` to go on with another flow.
  public enum FallbackAllowance: Sendable {
    /// Nothing: a consumer never sees the beginning of one and the end of another.
    case nothingEmitted
    /// Anything: the next flow is delivered from its beginning, whatever the consumer has seen.
    case anything
    /// Anything: after elements were delivered, what follows is the flow that is made of all of them and of the next flow.
    /// They are kept in memory for that.
    case resume(@Sendable (_ emitted: [Element], _ next: Flow) throws -> Flow)
  }

  /// When the upstream fails, goes on with the first of `others`; when that fails, with the second, and so on.
  ///
  ///     source    -#
  ///     other     -x-y-|
  ///     fallback  --x-y-|
  ///
  /// What has failed is let go before the next is started. A flow that completes without an element has not failed.
  ///
  /// **Demand.** What was asked for and not delivered is asked of the next flow. **Failure.** Of the last flow; of an
  /// earlier one when `isWorthIt` says no, or when elements were delivered and `allowance` is `.nothingEmitted`; and an
  /// error thrown by `isWorthIt`.
  ///
  /// - Parameters:
  ///   - others: what to go on with, in order.
  ///   - isWorthIt: whether an error is a reason to; every error is but `CancellationError`.
  ///   - allowance: what may have been delivered already.
  @inlinable
  public func fallback(
    to others: [Flow],
    when isWorthIt: @escaping @Sendable (any Error) throws -> Bool = { !($0 is CancellationError) },
    after allowance: FallbackAllowance = .nothingEmitted
  ) -> Flow {
    Flow { context in
      var upstream = Upstream(self, in: context)
      var next = 0
      var haveEmitted = false
      var emitted: [Element] = []
      return { room in
        var turns = 0
        while true {
          let before = room.count
          let poll = upstream.poll(&room)
          if room.count > before {
            haveEmitted = true
            if case .resume = allowance { room.forEach(from: before) { emitted.append($0) } }
          }
          guard case .failed(let error) = poll, next < others.count else { return poll }
          if case .nothingEmitted = allowance, haveEmitted { return poll }
          do {
            guard try isWorthIt(error) else { return poll }
            var other = others[next]
            if case .resume(let rest) = allowance, haveEmitted { other = try rest(emitted, other) }
            upstream.start(other)
          } catch { return .failed(error) }
          next &+= 1
          turns &+= 1
          if turns == Poll.patience { return context.pollAgain() }
        }
      }
    }
  }
}
