// The first elements.
import FlowTesting
import Flows
import Testing

@Suite struct PrefixTests {
  @Test func `delivers the first elements and completes with the last of them`() throws {
    try marbles(
      """
      source     -a-(b!)
      prefix(2)  -a-(b|)
      """
    ) { $0["source"].prefix(2) }
  }

  @Test func `asks for no more than it delivers`() throws {
    try marbles(
      """
      source     -a-(b!)
      prefix(2)  -a-(b|)
      asked source 2
      """
    ) { $0["source"].prefix(2) }
  }

  @Test func `asks for no more than is left`() throws {
    try marbles(
      """
      source     -a-b-c-(d!)
      prefix(4)  -a-b-c-(d|)
      demand     2----*
      asked source 2----2
      """
    ) { $0["source"].prefix(4) }
  }

  @Test func `asks for what it is asked for`() throws {
    try marbles(
      """
      source     -ab---c-|
      prefix(9)  -a---b-c|
      demand     1----1-1
      asked source 1----1-1
      """
    ) { $0["source"].prefix(9) }
  }

  @Test func `does not start a source of which it takes nothing`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.prefix(0).record(in: VirtualTime(), demand: 0)
    try seen.expectFinished()
    try seen.done()
    #expect(source.subscriptions == 0)
  }

  @Test func `has let its source go when the last element is seen`() throws {
    let source = TestFlow<Int>()
    let held = LiveCount()
    let wasReleased = Box(false)
    let flow = source.flow.map { [token = held.token()] in ($0, token).0 }.prefix(2)
    let subscription = flow.subscribe { if $0 == 2 { wasReleased.value = source.isReleased } }
    source.send(1, 2, 3)
    #expect(wasReleased.value)
    #expect(source.cancellations == 1)
    withExtendedLifetime(subscription) {}
  }

  @Test func `completes although the source fails with its last element`() throws {
    try marbles(
      """
      source     -a-(b#)
      prefix(2)  -a-(b|)
      """
    ) { $0["source"].prefix(2) }
  }

  @Test func `passes on an end that comes before`() throws {
    try marbles(
      """
      source     -a-|
      prefix(2)  -a-|
      """
    ) { $0["source"].prefix(2) }
    try marbles(
      """
      source     -a-#
      prefix(2)  -a-#
      """
    ) { $0["source"].prefix(2) }
  }

  @Test func `computes nothing behind its last element`() async throws {
    let computed = Box(0)
    let sum = try await Flow.from(1...).map { number in
      computed.value += 1
      return number
    }.prefix(1000).reduce(0, +)
    #expect(sum == 500_500)
    #expect(computed.value == 1000)
  }

  @Test func `traps on a negative count`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).prefix(-1) }
  }
}
