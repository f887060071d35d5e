// Figures of a run.

extension Flow {
  /// Measures every run that passes here, and hands the figures to `sink` when it is over.
  ///
  ///     source   -a-b-|
  ///     metrics  -a-b-|
  ///
  /// ```swift
  /// let measured = answer.metrics { print($0.firstElement ?? .zero, $0.count, $0.longestGap) }.named("answer")
  /// ```
  ///
  /// It costs a look at the clock for each batch that passes, and nothing for each element.
  ///
  /// - Parameter sink: called exactly once per run, from any thread.
  public func metrics(_ sink: @escaping @Sendable (FlowMetrics) -> Void) -> Flow {
    measured { _ in sink }
  }

  /// Measures every run that passes here, for whoever looks at `meter`. See ``metrics(_:)``.
  ///
  ///     source         -a-b-|
  ///     metrics(into)  -a-b-|
  public func metrics(into meter: FlowMeter) -> Flow { measured { meter.begin($0) } }

  private func measured(
    _ begin: @escaping @Sendable (Guarded<FlowMetrics>) -> @Sendable (FlowMetrics) -> Void
  ) -> Flow {
    Flow { context in
      let scheduler = context.scheduler
      let figures = Guarded(FlowMetrics(name: context.name, tags: context.tags, began: scheduler.now))
      let sink = begin(figures)
      let watch = context.watchEnd { exit in
        let now = scheduler.now
        sink(figures.change { $0.ended(exit, at: now) })
      }
      let outer = context.environment.discardHook
      let upstream = start(
        in: context.with {
          $0.discardHook = { value, reason in
            if reason == .policy { figures.change { $0.dropped += 1 } }
            outer?(value, reason)
          }
        })
      var requests = RequestMeter()
      return { room in
        if let more = requests.lend(room) { figures.change { $0.ask(more) } }
        let start = room.count
        let poll = upstream(&room)
        let count = room.count - start
        if count > 0 {
          requests.deliver(count)
          let now = scheduler.now
          figures.change { $0.deliver(count, at: now) }
        }
        watch.note(poll)
        return poll
      }
    }
  }
}

/// The figures of one run: ``Flow/metrics(_:)``.
public struct FlowMetrics: Sendable {
  /// What ``Flow/named(_:)`` says further down.
  public let name: String?
  /// What ``Flow/tagged(_:_:)`` says further down.
  public let tags: [String: String]
  /// When the run began, in the time of its scheduler.
  public let began: FlowInstant
  /// How many elements passed.
  public private(set) var count = 0
  /// How many values were given up upstream by a declared policy.
  public internal(set) var dropped = 0
  /// How many elements were asked for in all.
  public private(set) var asked = FlowDemand.none
  /// How long it took until the first element passed.
  public private(set) var firstElement: Duration?
  /// How long it took until the last element passed that has.
  public private(set) var lastElement: Duration?
  /// The longest time between two elements. Those that pass in one batch have none between them.
  public private(set) var longestGap = Duration.zero
  /// How it ended; `nil` while it has not.
  public private(set) var exit: FlowExit?
  /// How long it took; `nil` while it has not ended.
  public private(set) var duration: Duration?

  init(name: String?, tags: [String: String], began: FlowInstant) {
    self.name = name
    self.tags = tags
    self.began = began
  }

  /// The time between two elements, on average; `nil` for less than two.
  public var averageGap: Duration? {
    guard count > 1, let firstElement, let lastElement else { return nil }
    return (lastElement - firstElement) / (count - 1)
  }

  /// How many elements are asked for and have not come.
  public var outstanding: FlowDemand {
    asked == .unlimited ? .unlimited : FlowDemand(max(0, asked.count - count))
  }

  fileprivate mutating func ask(_ more: FlowDemand) {
    let (sum, overflow) = asked.count.addingReportingOverflow(more.count)
    asked = overflow ? .unlimited : FlowDemand(sum)
  }

  fileprivate mutating func deliver(_ count: Int, at now: FlowInstant) {
    let time = began.duration(to: now)
    if let lastElement { longestGap = max(longestGap, time - lastElement) } else { firstElement = time }
    lastElement = time
    self.count += count
  }

  fileprivate mutating func ended(_ exit: FlowExit, at now: FlowInstant) -> FlowMetrics {
    self.exit = exit
    duration = began.duration(to: now)
    return self
  }
}

/// Adds up the figures of runs, and can be looked at while they go on: ``Flow/metrics(into:)``.
public final class FlowMeter: Sendable {
  private struct State {
    var sum = FlowTotals()
    var running: [Int: Guarded<FlowMetrics>] = [:]
  }

  private let state = Guarded(State())

  public init() {}

  /// The sum of all runs, those included that go on.
  public var totals: FlowTotals {
    let (sum, running) = state.change { ($0.sum, $0.running.values.map { $0 }) }
    return running.reduce(into: sum) { $0.add($1.change { $0 }) }
  }

  /// The figures of the runs that go on, in the order in which they began.
  public var running: [FlowMetrics] {
    let running = state.change { $0.running.sorted { $0.key < $1.key } }
    return running.map { $0.value.change { $0 } }
  }

  fileprivate func begin(_ figures: Guarded<FlowMetrics>) -> @Sendable (FlowMetrics) -> Void {
    let number = state.change { state in
      state.sum.runs += 1
      state.running[state.sum.runs] = figures
      return state.sum.runs
    }
    return { [self] figures in
      state.change { state in
        state.running[number] = nil
        state.sum.add(figures)
      }
    }
  }
}

/// The figures of several runs together.
public struct FlowTotals: Sendable, Equatable {
  /// How many have begun.
  public internal(set) var runs = 0
  public private(set) var finished = 0
  public private(set) var failed = 0
  public private(set) var cancelled = 0
  /// How many elements passed.
  public private(set) var count = 0
  /// How many values were given up by a declared policy.
  public private(set) var dropped = 0
  /// The longest time until a first element, and between two elements.
  public private(set) var longestWait = Duration.zero

  /// How many go on.
  public var active: Int { runs - finished - failed - cancelled }

  fileprivate mutating func add(_ figures: FlowMetrics) {
    count += figures.count
    dropped += figures.dropped
    longestWait = max(longestWait, figures.firstElement ?? .zero, figures.longestGap)
    switch figures.exit {
    case .finished: finished += 1
    case .failed: failed += 1
    case .cancelled: cancelled += 1
    case nil: break
    }
  }
}
