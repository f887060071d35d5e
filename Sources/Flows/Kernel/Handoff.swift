// Two runs, and what crosses from the one to the other.

extension FlowContext {
  /// A run of its own for what stands upstream of a stage of this run.
  func newRun(home: (any FlowScheduler)? = nil) -> Run { Run(environment, home: home) }

  /// A stage of this run that delivers what `run`, which is begun here, polls out of the stage that `make`
  /// makes. Batches cross in one turn of a lock.
  ///
  /// `run` is asked for what this run asks for, and no more; with `ahead`, for so many elements ahead, as soon
  /// as anything was asked for, and again whenever three quarters of that are taken. It ends with this run.
  ///
  /// - Parameter make: makes the upper stage: at once, or, when `run` has a place, there.
  func handOff<Element: Sendable>(
    _ run: Run, ahead: Int? = nil, _ errors: ErrorOrder = .afterElements,
    _ make: @escaping (FlowContext) -> Flow<Element>.Stage
  ) -> Flow<Element>.Stage {
    let mailbox = Mailbox<Element>(
      capacity: ahead ?? .max, asking: Asking(isAhead: ahead != nil, errors: errors),
      onRequest: { run.wake() })
    let stage = mailbox.read(in: self)
    scope.own(RunLink(run))
    if let ahead, let gauges = environment.gauges {
      let gauged = GaugedMailbox(mailbox: mailbox, hear: gauges.add(capacity: ahead))
      run.push(into: gauged, make)
      return gauged.stage(stage)
    }
    run.push(into: mailbox, make)
    return stage
  }
}

/// Ends a run with the one that it works for.
final class RunLink: Resource, @unchecked Sendable {
  let run: Run
  init(_ run: Run) { self.run = run }
  override func release() { run.cancel() }
}

/// What a run can push into: it says how much it takes.
package protocol Asked<Element> {
  associatedtype Element: Sendable
  /// How much may be sent now.
  func space() -> Int
  /// Takes what it can of `batch`. The answer is how much more may be sent.
  func send(draining batch: inout Chunk<Element>) -> Int
  /// Ends, after what was sent. False when it had ended before.
  @discardableResult
  func finish(_ how: Poll) -> Bool
}

extension Run {
  /// A stage of this run, for one that `driver` must poll.
  @usableFromInline
  func handedOver<Element: Sendable>(_ driver: Run, _ stage: @escaping Flow<Element>.Stage)
    -> Flow<Element>.Stage
  {
    let hook = driver.leftoverHook
    return context.with { $0.discardHook = hook }.handOff(driver) { _ in stage }
  }

  /// Polls for what `target` takes, whenever it is woken.
  func push<Target: Asked>(
    into target: Target, _ make: @escaping (FlowContext) -> Flow<Target.Element>.Stage
  ) {
    let context = context
    typealias Element = Target.Element
    var made = isSettled ? nil : Made(make(context))
    step = { run in
      if made == nil { made = Made(make(context)) }
      guard let stage = made?.stage else { return .idle }
      var space = target.space()
      while !run.isEnded {
        let asked = space
        let poll = Chunk<Element>.scratch(asked) { chunk in
          let poll = stage(&chunk)
          if chunk.count > 0 { space = target.send(draining: &chunk) }
          while let element = chunk.next() { context.discard(element) }
          return poll
        }
        switch poll {
        case .more: if asked == 0 || space == 0 { return .idle }
        case .pending: return .idle
        case .finished, .failed: return .over { target.finish(poll) }
        }
      }
      return .idle
    }
    begin()
  }
}
