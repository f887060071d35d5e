// One run for many subscribers.

extension Flow {
  /// Runs the flow once for all subscribers.
  ///
  ///     source   -a-b-c-|
  ///     share()  -a-b-c-|
  ///
  /// The run starts when the first subscriber asks for something, in the time and place of that one, and belongs
  /// to all of them. Who comes later first gets the last `count` elements again, and then what comes.
  ///
  /// **Demand.** The slowest subscriber sets the pace: upstream is asked for what is asked for here, and for no
  /// more than fits into the buffer of each. With any other `policy` upstream is consumed without limit, and
  /// subscribers whose buffer is full lose elements, which are heard by `onDrop`; one that is served by the thread
  /// that upstream runs on gets its turn after each batch that it asked for, and loses nothing as long as it asks
  /// for more. **Completion** and **Failure** reach every subscriber after what waits for it. Who comes later starts
  /// a new run, unless `reset` says that the end is to be remembered. **Cancellation** of one subscriber is nothing
  /// to the others; `stop` says what that of the last one does.
  ///
  /// - Parameters:
  ///   - count: how many of the last elements are replayed. They are kept as long as the run.
  ///   - stop: when the run ends although upstream has not.
  ///   - capacity: the most elements that wait for one subscriber, at least 1; anything else traps.
  ///   - policy: what happens to an element when so many wait.
  ///   - reset: which ends are forgotten, so that the next subscriber starts a new run.
  public func share(
    replay count: Int = 0, stop: ShareStop = .whenUnused, buffer capacity: Int = 1,
    whenFull policy: SharePolicy = .backpressure, reset: ShareReset = [.onCompletion, .onFailure]
  ) -> Flow {
    precondition(count >= 0, "share(replay: \(count)): no negative number of elements can be replayed")
    precondition(capacity > 0, "share(buffer: \(capacity)): a buffer needs room for at least one element")
    let rule = HubRule(replay: count, capacity: capacity, policy: policy.overflow, sparesAsked: true)
    let sharing = Sharing(self, rule, stop: stop, reset: reset)
    return Flow { context in sharing.join(context) }
  }
}

/// When the run of a shared flow ends although its upstream has not.
public enum ShareStop: Sendable, Equatable {
  /// When there has been no subscriber for so long.
  case whenUnused(after: Duration)
  /// Never: it waits for the next subscriber.
  case never

  /// As soon as there is no subscriber.
  public static let whenUnused = ShareStop.whenUnused(after: .zero)
}

/// What a shared flow does with an element for a subscriber whose buffer is full.
public enum SharePolicy: Sendable, Equatable {
  /// Lets none come: the slowest subscriber sets the pace.
  case backpressure
  /// That subscriber does not get the element that arrives.
  case dropNewest
  /// That subscriber does not get the element that waited longest.
  case dropOldest
  /// That subscriber fails with ``FlowBufferOverflow``, after the elements that wait.
  case fail

  var overflow: OverflowPolicy? {
    switch self {
    case .backpressure: nil
    case .dropNewest: .dropNewest
    case .dropOldest: .dropOldest
    case .fail: .fail
    }
  }
}

/// Which ends a shared flow forgets.
public struct ShareReset: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// After the completion the next subscriber starts a new run. Otherwise it gets what is replayed, and the end.
  public static let onCompletion = ShareReset(rawValue: 1)
  /// After a failure the next subscriber starts a new run. Otherwise it gets what is replayed, and the failure.
  public static let onFailure = ShareReset(rawValue: 2)

  func applies(to ending: Poll) -> Bool {
    switch ending {
    case .finished: contains(.onCompletion)
    case .failed: contains(.onFailure)
    case .more, .pending: false
    }
  }
}
