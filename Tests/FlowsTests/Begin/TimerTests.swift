// Time itself.
import FlowTesting
import Flows
import Testing

@Suite struct TimerTests {
  let time = VirtualTime()

  @Test func `a timer delivers one tick and completes`() throws {
    try marbles("timer(3)  ---(1|)") { _ in Flow.timer(after: .milliseconds(3)).map { $0.number } }
  }

  @Test func `a timer's tick waits to be asked for`() throws {
    try marbles(
      """
      demand    -----1-
      timer(3)  -----(1|)
      """
    ) { _ in Flow.timer(after: .milliseconds(3)).map { $0.number } }
  }

  @Test func `a timer without a delay is over at once`() throws {
    for delay in [Duration.zero, .seconds(-1)] {
      let seen = Flow.timer(after: delay).record(in: time)
      try seen.expect(FlowTick(number: 1, instant: time.now))
      try seen.expectFinished()
      #expect(time.pendingTimers == 0)
    }
  }

  @Test func `a timer says when it was due, not when it was asked`() throws {
    let seen = Flow.timer(after: .milliseconds(3)).record(in: time, demand: 0)
    time.advance(by: .milliseconds(10))
    seen.request(1)
    try seen.expect(FlowTick(number: 1, instant: FlowInstant(nanoseconds: 3_000_000)), at: .milliseconds(10))
    try seen.expectFinished()
  }

  @Test func `an interval ticks for ever`() throws {
    try marbles("interval(3)  ---1--2--3--") { _ in Flow.interval(every: .milliseconds(3)).map { $0.number } }
  }

  @Test func `an interval is cancelled with its timer`() throws {
    try marbles(
      """
      interval(3)  ---1--2--
      cancel       -------!
      """
    ) { _ in Flow.interval(every: .milliseconds(3)).map { $0.number } }
  }

  @Test func `a tick that nobody asks for is dropped, and counted by the next`() throws {
    try marbles(
      """
      demand       1--------1----1
      interval(2)  --0-------3---1
      """
    ) { _ in Flow.interval(every: .milliseconds(2)).map { $0.missed } }
  }

  @Test func `a tick and a request of one instant meet`() throws {
    let seen = Flow.interval(every: .milliseconds(2)).record(in: time, demand: 0)
    time.at(.milliseconds(4)) { seen.request(1) }
    time.advance(by: .milliseconds(5))
    try seen.expect(
      FlowTick(number: 2, instant: FlowInstant(nanoseconds: 4_000_000), missed: 1), at: .milliseconds(4))
    try seen.done()
  }

  @Test func `ticks that fell due while the consumer was busy are one, and do not drift`() throws {
    let seen = Journal<FlowTick>()
    let late = LateTime(time)
    let subscription = Flow.interval(every: .milliseconds(2)).scheduler(late).subscribe { tick in
      seen.note(tick)
      if tick.number == 1 { late.lag = .milliseconds(7) }
    }
    time.advance(by: .milliseconds(7))
    let instants = seen.entries.map(\.instant.nanoseconds)
    #expect(seen.entries.map(\.number) == [1, 5, 6, 7])
    #expect(seen.entries.map(\.missed) == [0, 3, 0, 0])
    #expect(instants == [2, 10, 12, 14].map { $0 * 1_000_000 })
    subscription.cancel()
    #expect(time.pendingTimers == 0)
  }

  @Test func `ticks start with the run`() throws {
    let flow = Flow.interval(every: .milliseconds(4))
    time.advance(by: .milliseconds(3))
    let seen = flow.record(in: time)
    time.advance(by: .milliseconds(4))
    try seen.expect(FlowTick(number: 1, instant: FlowInstant(nanoseconds: 7_000_000)), at: .milliseconds(7))
  }

  @Test func `an interval of nothing traps`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.interval(every: .zero) }
  }
}

/// Time that has moved on while somebody was busy.
private final class LateTime: FlowScheduler, @unchecked Sendable {
  private let time: VirtualTime
  // Touched only by the one thread of the test.
  var lag = Duration.zero
  init(_ time: VirtualTime) { self.time = time }
  var now: FlowInstant { time.now.advanced(by: lag) }
  func schedule(at instant: FlowInstant, _ action: @escaping @Sendable () -> Void) -> FlowTimer {
    time.schedule(at: instant.advanced(by: .zero - lag), action)
  }
  func cancel(_ timer: FlowTimer) -> Bool { time.cancel(timer) }
  func execute(_ work: @escaping @Sendable () -> Void) { time.execute(work) }
}
