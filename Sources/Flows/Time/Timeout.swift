// Three deadlines: for the first element, between elements, for the whole.

extension Flow {
  /// What ``timeout(first:idle:total:onTimeout:)`` does when a deadline passes.
  public enum TimeoutChoice: Sendable {
    /// Fails with ``FlowTimeoutError``.
    case fail
    /// Goes on with another flow, which has no memory.value.
    case switchTo(Flow)
  }

  /// Fails, or switches to another flow, when the upstream takes too long.
  ///
  ///     source            -a-b-----c|
  ///     timeout(idle: 3)  -a-b--#
  ///
  /// - `first` limits the wait for the first element; without it, `idle` does.
  /// - `idle` limits the wait for each element after that. Both run only while something is asked for, and begin
  ///   anew when the consumer is ready for the next element: a slow consumer never makes them fire.
  /// - `total` limits the time from the start of the run, whoever is slow.
  ///
  /// Limits of ten seconds and more may end up to a hundredth later, in exchange for a cheaper clock.
  ///
  /// **Failure.** When a deadline passes, the upstream is let go first; then the flow fails with
  /// ``FlowTimeoutError`` or switches. An element, or an end, that comes in the moment of a deadline wins.
  ///
  /// - Parameters:
  ///   - first: the limit for the first element; `nil` for none of its own.
  ///   - idle: the limit for the time between two elements; `nil` for none.
  ///   - total: the limit for the whole; `nil` for none. A negative limit traps.
  ///   - choice: what happens when a deadline passes.
  @inlinable
  public func timeout(
    first: Duration? = nil, idle: Duration? = nil, total: Duration? = nil,
    onTimeout choice: TimeoutChoice = .fail
  ) -> Flow {
    for case .some(let limit) in [first, idle, total] {
      precondition(limit >= .zero, "timeout: a limit of \(limit) makes no sense")
    }
    return Flow { context in
      let upstream = Cell(Upstream(self, in: context))
      let alarm = context.alarm()
      let deadlines = Cell(Deadlines(first: first, idle: idle, total: total, in: context))
      return { room in
        if deadlines.value.isConsumerBack, !room.isFull, !alarm.hasRung {
          // The upstream had no more before, and has not been heard since: only the wait begins.
          deadlines.value.consumerWaits(in: context)
          alarm.set(at: deadlines.value.next)
          return .pending
        }
        let before = room.count
        let hasRoom = !room.isFull
        let poll = upstream.value.poll(&room)
        if deadlines.value.areOver || poll.isTerminal {
          alarm.clear()
          return poll
        }
        let count = room.count &- before
        if count > 0 {
          deadlines.value.elementsCame(count)
        } else if hasRoom {
          deadlines.value.consumerWaits(in: context)
        } else {
          deadlines.value.consumerRests()
        }
        if alarm.hasRung {
          // While there is more to come at this instant, it comes first.
          let isOpen = count > 0 || poll.asksAgain
          if let error = deadlines.value.missed(in: context, isOpen: isOpen) {
            alarm.clear()
            upstream.value.end()
            guard case .switchTo(let other) = choice else { return .failed(error) }
            upstream.value.start(other)
            return upstream.value.poll(&room)
          }
        }
        alarm.set(at: deadlines.value.next)
        guard count > 0, !room.isFull else { return poll }
        // Asked again at once, the consumer is done with these elements, and the next wait begins.
        if case .pending = poll { deadlines.value.isConsumerBack = true }
        return .more
      }
    }
  }
}

/// The memory of one run of `timeout`: what it waits for, and until when.
@usableFromInline
struct Deadlines {
  /// The present wait for an element, and the next.
  private var wait: Interval
  private let idle: Interval
  private let hasFirst: Bool
  private let start: FlowInstant
  private let totalEnd: FlowInstant
  /// The end of the present wait, while there is one.
  private var waitEnd = FlowInstant.distantFuture
  private var seen = 0
  /// One has passed, and another flow is being waited for.
  @usableFromInline private(set) var areOver = false
  /// When the stage is polled next, the consumer is done with what it got, and the upstream has no more.
  @usableFromInline var isConsumerBack = false

  @usableFromInline
  init(first: Duration?, idle: Duration?, total: Duration?, in context: FlowContext) {
    self.idle = idle.map { Interval($0, in: context) } ?? .endless
    wait = first.map { Interval($0, in: context) } ?? self.idle
    hasFirst = first != nil
    start = context.now
    totalEnd = total.map(start.advanced(by:)) ?? .distantFuture
  }

  /// The next deadline.
  @usableFromInline var next: FlowInstant { min(waitEnd, totalEnd) }

  /// Elements were delivered: nothing is waited for until the consumer comes back.
  @usableFromInline
  mutating func elementsCame(_ count: Int) {
    seen &+= count
    isConsumerBack = false
    wait = idle
    waitEnd = .distantFuture
  }

  /// The consumer waits for an element, since now or since earlier.
  @usableFromInline
  mutating func consumerWaits(in context: FlowContext) {
    isConsumerBack = false
    if waitEnd == .distantFuture { waitEnd = wait.end(in: context) }
  }

  /// The consumer does not ask for anything.
  @usableFromInline
  mutating func consumerRests() {
    isConsumerBack = false
    waitEnd = .distantFuture
  }

  /// The failure, when a deadline has passed; when it passes in this moment and more may come in it, not yet.
  @usableFromInline
  mutating func missed(in context: FlowContext, isOpen: Bool) -> FlowTimeoutError? {
    let now = context.now
    guard isOpen ? next < now : next <= now else { return nil }
    areOver = true
    let isTotal = totalEnd <= waitEnd
    return FlowTimeoutError(
      deadline: isTotal ? .total : seen == 0 && hasFirst ? .first : .idle,
      limit: isTotal ? start.duration(to: totalEnd) : wait.duration,
      seen: seen, elapsed: start.duration(to: now), label: context.name)
  }
}
