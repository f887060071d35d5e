// What becomes of elements that are not delivered.

extension Flow {
  /// Calls back for every value of a type that upstream had accepted and gives up: by a declared policy, or because
  /// the run ended while it was on its way.
  ///
  ///     source     -a-b-|
  ///     onDiscard  -a-b-|
  ///
  /// An error that comes when the flow has ended already, because it was cancelled in the meantime, is such a value too:
  /// `onDiscard(of: (any Error).self)` hears of it. When nobody does, the first one is written to standard error.
  ///
  /// For values that must be closed or counted. The operator nearest to the consumer also hears what the consumer
  /// had been handed and left. Called from any thread.
  public func onDiscard<Value: Sendable>(
    of type: Value.Type, _ action: @escaping @Sendable (Value, DiscardReason) -> Void
  ) -> Flow {
    Flow { context in
      let outer = context.environment.discardHook
      let action = context.carried(action)
      let hook: DiscardHook = { value, reason in
        if let value = value as? Value { action(value, reason) }
        outer?(value, reason)
      }
      context.scope.hear(hook)
      return start(in: context.with { $0.discardHook = hook })
    }
  }

  /// Calls back for every value of a type that is given up by a declared policy: by a buffer that is full, by a
  /// newer value. See ``onDiscard(of:_:)``.
  ///
  ///     source  -a-b-|
  ///     onDrop  -a-b-|
  public func onDrop<Value: Sendable>(
    of type: Value.Type, _ action: @escaping @Sendable (Value) -> Void
  ) -> Flow {
    onDiscard(of: type) { value, reason in
      if reason == .policy { action(value) }
    }
  }
}
