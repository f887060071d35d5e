// A late start.
import FlowTesting
import Flows
import Testing

@Suite struct DelaySubscriptionTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `starts the flow later`() throws {
    try marbles(
      """
      source                -a-b-|
      delaySubscription(2)  ---a-b-|
      """
    ) { $0["source"].delaySubscription(for: .milliseconds(2)) }
  }

  @Test func `does not touch the flow before`() throws {
    let seen = source.flow.delaySubscription(for: .milliseconds(2)).record(in: time, demand: 3)
    time.advance(by: .milliseconds(1))
    #expect(source.subscriptions == 0)
    time.advance(by: .milliseconds(1))
    #expect(source.asked == 3)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `needs no demand to start`() throws {
    let seen = source.flow.delaySubscription(for: .milliseconds(2)).record(in: time, demand: 0)
    time.advance(by: .milliseconds(2))
    #expect(source.subscriptions == 1)
    source.finish()
    try seen.expectFinished()
  }

  @Test func `a cancelled wait never starts it`() throws {
    let seen = source.flow.delaySubscription(for: .milliseconds(2)).record(in: time)
    seen.cancel()
    time.run()
    #expect(source.subscriptions == 0)
  }
}
