// Whose time it is.
import FlowTesting
import Flows
import Testing

@Suite struct SchedulerTests {
  let time = VirtualTime()

  @Test func `delivers the same`() throws {
    try marbles(
      """
      source            -a-b-|
      scheduler(clock)  -a-b-|
      """
    ) { $0["source"].scheduler($0.time) }
  }

  /// Delivers the present, once.
  let now = Flow<FlowInstant> { context in
    var isOver = false
    return { room in
      if isOver { return .finished }
      if room.isFull { return .more }
      room.append(context.now)
      isOver = true
      return .finished
    }
  }

  @Test func `sets the time of everything upstream`() throws {
    time.advance(by: .seconds(7))
    let seen = now.map { $0 }.scheduler(time).record(in: VirtualTime())
    try seen.expect(FlowInstant(nanoseconds: 7_000_000_000))
  }

  @Test func `gives way to one nearer to the source`() throws {
    let near = VirtualTime()
    near.advance(by: .seconds(3))
    let seen = now.scheduler(near).scheduler(time).record(in: time)
    try seen.expect(FlowInstant(nanoseconds: 3_000_000_000))
  }

  @Test func `runs the timers upstream in its time`() throws {
    let other = VirtualTime()
    let seen = Flow.just(1).delay(for: .seconds(1)).scheduler(other).record(in: time)
    time.run()
    try seen.expectNothing()
    #expect(other.pendingTimers == 1)
    other.run()
    try seen.expect(1)
    try seen.expectFinished()
    #expect(other.isIdle)
  }
}
