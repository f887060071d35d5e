// A sign of life while nothing comes.
import FlowTesting
import Flows
import Testing

@Suite struct KeepAliveTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers a heartbeat while nothing comes`() throws {
    try marbles(
      """
      source        -a-------b-|
      keepAlive(3)  -a--x--x-b-|
      """
    ) { $0["source"].keepAlive(every: .milliseconds(3)) { "x" } }
  }

  @Test func `a heartbeat takes its part of the demand, and waits for it`() throws {
    let made = Counter()
    let seen = source.flow.keepAlive(every: .milliseconds(2)) {
      made.add()
      return -made.count
    }.record(in: time, demand: 1)
    #expect(source.asked == 1)
    time.advance(by: .milliseconds(2))
    try seen.expect(-1, at: .milliseconds(2))
    time.advance(by: .milliseconds(20))
    #expect(made.count == 1 && source.asked == 0 && time.pendingTimers == 0)
    seen.request(2)
    try seen.expect(-2, at: .milliseconds(22))
    source.send(1)
    try seen.expect(1)
    seen.cancel()
    try source.expectReleased()
    #expect(time.pendingTimers == 0)
  }

  @Test func `an element that waits goes before a heartbeat that is due`() throws {
    let seen = source.flow.keepAlive(every: .milliseconds(2)) { -1 }.record(in: time, demand: 0)
    time.advance(by: .milliseconds(5))
    source.send(1)
    seen.request(2)
    try seen.expect(1)
    time.advance(by: .milliseconds(2))
    try seen.expect(-1, at: .milliseconds(7))
    source.finish()
    try seen.expectFinished()
    #expect(time.pendingTimers == 0)
  }

  @Test func `fails with what the heartbeat throws`() throws {
    let seen = source.flow.keepAlive(every: .milliseconds(2)) { throw MarbleError() }.record(in: time)
    time.advance(by: .milliseconds(2))
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }
}
