// Everything later.
import FlowTesting
import Flows
import Testing

@Suite struct DelayTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers elements and the completion later`() throws {
    try marbles(
      """
      source    -a-b--c|
      delay(3)  ----a-b--c|
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
  }

  @Test func `fails at once, and discards what is under way`() throws {
    try marbles(
      """
      source    -a-b--c#
      delay(3)  ----a-b#
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
    let discards = Discards()
    let seen = source.flow.delay(for: .milliseconds(3)).telling(discards).record(in: time)
    source.send(1, 2)
    source.fail()
    try seen.expectFailure(at: .zero)
    #expect(discards.all(.ended) == ["1", "2"])
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `delays a completion without elements`() throws {
    try marbles(
      """
      source    -|
      delay(3)  ----|
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
  }

  @Test func `asks for no more than was asked for, counting what is under way`() throws {
    try marbles(
      """
      source        abcdefgh------|
      delay(3)      ---ab--c---d----
      demand        2---1---1
      asked source  2---1---1
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
  }

  @Test func `asks again when it has delivered, and was asked again`() throws {
    let seen = source.flow.delay(for: .milliseconds(3)).record(in: time, demand: 2)
    source.send(1, 2, 3, 4)
    #expect(source.sent == 2)
    seen.request(1)
    #expect(source.sent == 3)
    time.advance(by: .milliseconds(3))
    try seen.expect(1, 2, 3, at: .milliseconds(3))
    #expect(source.sent == 3 && source.asked == 0)
  }

  @Test func `delays elements one by one, in order`() throws {
    let seen = source.flow.delay(for: .milliseconds(3)).record(in: time)
    for number in 1...4 {
      source.send(number)
      time.advance(by: .milliseconds(2))
    }
    source.finish()
    time.advance(by: .milliseconds(10))
    try seen.expect(1, at: .milliseconds(3))
    try seen.expect(2, at: .milliseconds(5))
    try seen.expect(3, at: .milliseconds(7))
    try seen.expect(4, at: .milliseconds(9))
    try seen.expectFinished(at: .milliseconds(11))
    try seen.done()
    #expect(time.pendingTimers == 0)
  }

  @Test func `lets go of everything when it is cancelled`() throws {
    let discards = Discards()
    let seen = source.flow.delay(for: .milliseconds(3)).telling(discards).record(in: time)
    source.send(1, 2)
    seen.cancel()
    #expect(discards.all(.ended) == ["1", "2"])
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `of no time at all changes nothing`() throws {
    let seen = Flow.from(0..<1000).delay(for: .zero).record(in: time)
    #expect(seen.elements == Array(0..<1000))
    try #require(seen.end != nil)
    #expect(time.pendingTimers == 0)
  }
}
