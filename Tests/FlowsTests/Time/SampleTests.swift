// Looks at the upstream at regular intervals.
import FlowTesting
import Testing

@testable import Flows

@Suite struct SampleTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers the latest element at every tick`() throws {
    try marbles(
      """
      source     -a-b-c---d---e|
      sample(4)  ----b---c---d-|
      """
    ) { $0["source"].sample(every: .milliseconds(4)) }
  }

  @Test func `counts an element that comes in the moment of the tick, and the next one for the next tick`()
    throws
  {
    try marbles(
      """
      source     ----a--b----c---|
      sample(4)  ----a---b---c---|
      """
    ) { $0["source"].sample(every: .milliseconds(4)) }
  }

  @Test func `delivers the rest at the end when told to`() throws {
    try marbles(
      """
      source     -a--b-----|
      sample(4)  ----b-----|
      """
    ) { $0["source"].sample(every: .milliseconds(4), atEnd: .deliver) }
    try marbles(
      """
      source     -a---b|
      sample(4)  ----a-(b|)
      """
    ) { $0["source"].sample(every: .milliseconds(4), atEnd: .deliver) }
  }

  @Test func `consumes without demand, and keeps the newest sample until it is asked for`() throws {
    let discards = Discards()
    let seen = source.flow.sample(every: .milliseconds(4)).telling(discards).record(in: time, demand: .none)
    for number in 1...9 {
      source.send(number)
      time.advance(by: .milliseconds(1))
    }
    // Samples were due at 4 and at 8.
    #expect(source.sent == 9 && source.asked == .max)
    seen.request(1)
    try seen.expect(8, at: .milliseconds(9))
    #expect(discards.all(.policy) == ["1", "2", "3", "5", "6", "7", "4"])
    seen.request(3)
    time.advance(by: .milliseconds(3))
    try seen.expect(9, at: .milliseconds(12))
  }

  @Test func `gives up at the end what has not been sampled`() throws {
    let discards = Discards()
    let seen = source.flow.sample(every: .milliseconds(4)).telling(discards).record(in: time)
    source.send(1)
    source.finish()
    try seen.expectFinished(at: .zero)
    #expect(discards.all(.policy) == ["1"])
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `waits with the completion for the demand of a sample`() throws {
    let seen = source.flow.sample(every: .milliseconds(4), atEnd: .deliver).record(in: time, demand: .none)
    source.send(1)
    source.finish()
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(1)
    try seen.expectFinished()
  }

  @Test func `discards what waits when the upstream fails`() throws {
    let discards = Discards()
    let seen = source.flow.sample(every: .milliseconds(4)).telling(discards).record(in: time)
    source.send(1)
    source.fail()
    try seen.expectFailure(at: .zero)
    #expect(discards.all(.ended) == ["1"])
    #expect(time.pendingTimers == 0)
  }

  @Test func `sets no timer while there is nothing to sample, and lets go of everything`() throws {
    let seen = source.flow.sample(every: .milliseconds(4)).record(in: time)
    #expect(time.pendingTimers == 0)
    source.send(1)
    #expect(time.pendingTimers == 1)
    time.advance(by: .milliseconds(4))
    try seen.expect(1, at: .milliseconds(4))
    #expect(time.pendingTimers == 0)
    source.send(2)
    seen.cancel()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `ticks are multiples of the interval, each taken once`() {
    func at(_ nanoseconds: Int64) -> FlowInstant { FlowInstant(nanoseconds: nanoseconds) }
    var ticks = Ticks(every: .nanoseconds(10), from: at(5))
    #expect(ticks.next(notBefore: at(5)) == at(15))
    #expect(ticks.next(notBefore: at(15)) == at(25))
    #expect(ticks.next(notBefore: at(35)) == at(35))
    #expect(ticks.next(notBefore: at(36)) == at(45))
    var rare = Ticks(every: .seconds(Int64.max), from: at(5))
    #expect(rare.next(notBefore: at(6)) == .distantFuture)
  }
}
