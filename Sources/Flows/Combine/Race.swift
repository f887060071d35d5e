// The first of several flows to say something.

extension Flow {
  /// Delivers the elements of the flow that is the first to deliver one, to complete, or to fail: this one or
  /// one of `others`.
  ///
  ///     a     ---1-2-|
  ///     b     --3-4--5|
  ///     race  --3-4--5|
  ///
  /// **Demand.** Until it is decided, each is asked for one element; then the winner for all that was asked for
  /// here. The others are let go before the first element of the winner is passed on.
  ///
  /// - Parameters:
  ///   - others: those that run beside this one.
  ///   - decision: what makes one the winner.
  @inlinable
  public func race(with others: Flow..., decidedBy decision: RaceDecision = .firstSignal) -> Flow {
    .race([self] + others, decidedBy: decision)
  }

  /// Delivers the elements of the one of `flows` that is the first to say something. See
  /// ``race(with:decidedBy:)``. When there are none, completes.
  @inlinable
  public static func race(_ flows: [Flow], decidedBy decision: RaceDecision = .firstSignal) -> Flow {
    Flow { context in
      let runners = Cell(Runners<Element>(decision, in: context))
      for flow in flows { runners.value.add(flow) }
      return { room in runners.value.poll(&room) }
    }
  }
}
