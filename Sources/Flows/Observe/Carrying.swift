// Task-local values that reach every user closure.

extension Flow {
  /// Takes the values that these task-locals have where the run begins, and puts them around everything that is
  /// done upstream for it: closures, retries, timers, and the tasks that are started there.
  ///
  /// ```swift
  /// let subscription = answer.carrying(Trace.$id).subscribe { print($0) }
  /// ```
  ///
  ///     source    -a-b-|
  ///     carrying  -a-b-|
  ///
  /// An async consumer has its task-local values around it anyway, as long as the run is not moved; a callback is
  /// called by whoever wakes the run, and has the values of that one. It is set once, at the end of a chain.
  public func carrying<each Value: Sendable>(_ locals: repeat TaskLocal<each Value>) -> Flow {
    Flow { context in
      var around: Around = { $0() }
      repeat around = (each locals).around(around)
      return start(in: context, around)
    }
  }

  private func start(in context: FlowContext, _ around: @escaping Around) -> Stage {
    let inner = context.carrying(around)
    var made: Stage = { _ in .finished }
    around { made = start(in: inner) }
    let upstream = made
    return { room in
      var poll = Poll.pending
      around { poll = upstream(&room) }
      return poll
    }
  }
}

extension TaskLocal {
  /// The value that it has now, around the body of `outer`.
  fileprivate func around(_ outer: @escaping Around) -> Around {
    let value = get()
    return { body in outer { self.withValue(value) { body() } } }
  }
}
