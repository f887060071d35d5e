// Three deadlines: for the first element, between elements, for the whole.

extension Flow {
  /// What ``timeout(first:idle:total:onTimeout:)`` does when a deadline passes.
  public enum TimeoutChoice: Sendable {
    /// Fails with ``FlowTimeoutError``.
    case fail
    /// Goes on with another flow, which has no deadlines.
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
    let other: OtherFlow<Element>? = if case .switchTo(let other) = choice { OtherFlow(other) } else { nil }
    return Flow { context in
      let deadlines = Deadlines(first: first, idle: idle, total: total, in: context)
      let upstream = TimedUpstream(self, deadlines, other, in: context)
      return { room in upstream.poll(&room) }
    }
  }
}

/// The upstream of one run of `timeout`, and all that is remembered, in one object, because there may be many: a flow
/// that lives for hours costs what it weighs.
@usableFromInline
final class TimedUpstream<Element: Sendable> {
  /// What is polled: the upstream, which lives in the alarm and ends with it; then the other flow.
  @exclusivity(unchecked) @usableFromInline var stage: Made<Element>?
  @exclusivity(unchecked) @usableFromInline var deadlines: Deadlines
  @usableFromInline let alarm: Alarm
  @usableFromInline let other: OtherFlow<Element>?

  @inlinable
  init(
    _ flow: Flow<Element>, _ deadlines: Deadlines, _ other: OtherFlow<Element>?, in context: FlowContext
  ) {
    self.deadlines = deadlines
    self.other = other
    alarm = context.alarm()
    stage = Made(flow.start(in: alarm.inside))
  }

  @inlinable
  func poll(_ room: inout Chunk<Element>) -> Poll {
    let asked = room.room
    if !alarm.hasNews, !alarm.hasRung, deadlines.haveAsked(for: asked) {
      // Asked again at once, the consumer is done with what it got, and the upstream has nothing new for it.
      deadlines.consumerWaits(in: alarm.inside)
      alarm.set(at: deadlines.next)
      return .pending
    }
    guard let stage = stage?.stage else { return .finished }
    alarm.takeNews()
    let poll = stage(&room)
    if poll.isTerminal {
      self.stage = nil
      alarm.leave()
      return poll
    }
    let count = asked &- room.room
    if count > 0 {
      let promised = asked < Chunk<Element>.capacity ? room.room : asked
      deadlines.elementsCame(count, promised: poll.asksAgain ? 0 : promised)
    } else if asked > 0 {
      deadlines.consumerWaits(in: alarm.inside)
    } else {
      deadlines.consumerRests()
    }
    // While there is more to come at this instant, it comes first.
    if alarm.hasRung, let error = deadlines.missed(in: alarm.inside, isOpen: count > 0 || poll.asksAgain) {
      return fire(error, &room)
    }
    alarm.set(at: deadlines.next)
    return count > 0 && !room.isFull ? .more : poll
  }

  /// Lets the upstream go, and then says so, or goes on with the other flow.
  @inlinable
  func fire(_ error: FlowTimeoutError, _ room: inout Chunk<Element>) -> Poll {
    stage = nil
    alarm.leave()
    guard let other else { return .failed(error) }
    let stage = alarm.startOutside(other.flow)
    self.stage = Made(stage)
    return stage(&room)
  }
}

/// The flow that `timeout` goes on with, in one word.
@usableFromInline
final class OtherFlow<Element: Sendable>: Sendable {
  @usableFromInline let flow: Flow<Element>

  @inlinable
  init(_ flow: Flow<Element>) { self.flow = flow }
}

/// The memory of one run of `timeout`: what it waits for, and until when.
@usableFromInline
struct Deadlines {
  /// The present wait for an element, and the next.
  private var wait: Interval
  private let idle: Interval
  private let start: FlowInstant
  private var totalEnd: FlowInstant
  /// The end of the present wait, while there is one.
  private var waitEnd = FlowInstant.distantFuture
  private var seen = 0
  /// The room that the upstream knows of while it has nothing, and the consumer has not come back.
  private var promised: Int32 = 0
  private var hasFirst: Bool
  /// One has passed. From then on there are none.
  private var areOver = false

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

  /// The consumer was handed elements since the last poll, and the upstream, which has no more, knows that so many are
  /// asked for.
  @usableFromInline
  func haveAsked(for count: Int) -> Bool { count > 0 && count <= promised }

  /// Elements were delivered: nothing is waited for until the consumer comes back.
  @usableFromInline
  mutating func elementsCame(_ count: Int, promised: Int) {
    seen &+= count
    wait = areOver ? .endless : idle
    waitEnd = .distantFuture
    self.promised = areOver ? 0 : Int32(clamping: promised)
  }

  /// The consumer waits for an element, since now or since earlier.
  @usableFromInline
  mutating func consumerWaits(in context: FlowContext) {
    promised = 0
    if waitEnd == .distantFuture { waitEnd = wait.end(in: context) }
  }

  /// The consumer does not ask for anything.
  @usableFromInline
  mutating func consumerRests() {
    promised = 0
    waitEnd = .distantFuture
  }

  /// The failure, when a deadline has passed; when it passes in this moment and more may come in it, not yet.
  @usableFromInline
  mutating func missed(in context: FlowContext, isOpen: Bool) -> FlowTimeoutError? {
    let now = context.now
    guard isOpen ? next < now : next <= now else { return nil }
    let isTotal = totalEnd <= waitEnd
    let error = FlowTimeoutError(
      deadline: isTotal ? .total : seen == 0 && hasFirst ? .first : .idle,
      limit: isTotal ? start.duration(to: totalEnd) : wait.duration(in: context),
      seen: seen, elapsed: start.duration(to: now), label: context.name)
    areOver = true
    wait = .endless
    waitEnd = .distantFuture
    totalEnd = .distantFuture
    return error
  }
}
