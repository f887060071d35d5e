// Until an instant.
import FlowTesting
import Flows
import Testing

@Suite struct DeadlineTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  private func at(_ milliseconds: Int64) -> FlowInstant { FlowInstant(nanoseconds: milliseconds * 1_000_000) }

  @Test func `fails at an instant`() throws {
    try marbles(
      """
      source          -a-b-----c|
      deadline(at 5)  -a-b-#
      """
    ) { $0["source"].deadline(at(5)) }
  }

  @Test func `is the same for a run that begins later`() throws {
    time.advance(by: .milliseconds(3))
    let seen = source.flow.deadline(at(5)).record(in: time, demand: 2)
    #expect(source.asked == 2)
    source.send(1)
    time.advance(by: .milliseconds(2))
    try seen.expect(1)
    let error = try seen.expectFailure(FlowTimeoutError.self, at: .milliseconds(5))
    #expect(error.deadline == .total && error.limit == .milliseconds(2) && error.seen == 1)
    try source.expectReleased()
  }

  @Test func `starts nothing when it is too late`() throws {
    time.advance(by: .milliseconds(6))
    try source.flow.deadline(at(5)).record(in: time, demand: 0).expectFailure(FlowTimeoutError.self)
    let other = source.flow.deadline(at(5), onTimeout: .switchTo(.just(7))).record(in: time)
    try other.expect(7)
    try other.expectFinished()
    #expect(source.subscriptions == 0 && time.pendingTimers == 0)
  }

  @Test func `sets no timer behind the end of the flow`() throws {
    let seen = source.flow.deadline(at(5)).record(in: time)
    source.finish()
    try seen.expectFinished()
    #expect(time.pendingTimers == 0)
  }
}
