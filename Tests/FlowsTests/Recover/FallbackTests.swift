// Other flows, in order, after failures.
import FlowTesting
import Flows
import Testing

private struct Refused: Error, Equatable {}

@Suite struct FallbackTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  let second = TestFlow<Int>("second")
  let third = TestFlow<Int>("third")

  @Test func `goes on with another flow when one fails`() throws {
    try marbles(
      """
      source    -#
      other     -x-y-|
      fallback  --x-y-|
      """
    ) { $0["source"].fallback(to: [$0["other"]]) }
  }

  @Test func `tries them in order, asks each for what is asked for, and lets it go before the next`() throws {
    let seen = source.flow.fallback(to: [second.flow, third.flow]).record(in: time, demand: 2)
    #expect(source.asked == 2 && second.subscriptions == 0)
    source.fail()
    try source.expectReleased()
    #expect(second.asked == 2)
    second.fail()
    try second.expectReleased()
    third.send(1)
    third.fail(Refused())
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
    try third.expectReleased()
  }

  @Test func `a flow that is complete without an element has not failed`() throws {
    let seen = source.flow.fallback(to: [second.flow]).record(in: time, demand: 0)
    source.finish()
    try seen.expectFinished()
    #expect(second.subscriptions == 0)
  }

  @Test func `passes on the failure of a flow that has delivered something`() throws {
    let seen = source.flow.fallback(to: [second.flow]).record(in: time)
    source.send(1)
    source.fail(Refused())
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
    #expect(second.subscriptions == 0)
  }

  @Test func `goes on after elements when that is allowed`() throws {
    let anything = source.flow.fallback(to: [.just(7)], after: .anything).record(in: time)
    source.send(1)
    source.fail()
    try anything.expect(1, 7)
    try anything.expectFinished()

    let resumed = source.flow.fallback(
      to: [second.flow, .from(1...5)], after: .resume { emitted, next in next.dropFirst(emitted.count) }
    ).record(in: time)
    source.send(1, 2)
    source.fail()
    second.send(1, 2, 3)
    second.fail()
    try resumed.expect(1, 2, 3, 4, 5)
    try resumed.expectFinished()
  }

  @Test func `an error may be no reason, and a cancellation is none`() throws {
    let choosy = source.flow.fallback(to: [second.flow], when: { !($0 is Refused) }).record(in: time)
    source.fail(Refused())
    try choosy.expectFailure(Refused.self)
    let cancelled = source.flow.fallback(to: [second.flow]).record(in: time)
    source.fail(CancellationError())
    try cancelled.expectFailure(CancellationError.self)
    let broken = source.flow.fallback(to: [second.flow], when: { _ in throw Refused() }).record(in: time)
    source.fail()
    try broken.expectFailure(Refused.self)
    let unresumed = source.flow.fallback(to: [second.flow], after: .resume { _, _ in throw Refused() })
      .record(in: time)
    source.send(1)
    source.fail()
    try unresumed.expect(1)
    try unresumed.expectFailure(Refused.self)
    #expect(second.subscriptions == 0)
  }

  @Test func `a hundred thousand flows that fail at once overflow no stack`() throws {
    let others = Array(repeating: Flow<Int>.fail(Refused()), count: 100_000) + [.just(7)]
    let seen = Flow<Int>.fail(Refused()).fallback(to: others).record(in: time)
    try seen.expect(7)
    try seen.expectFinished()
  }

  @Test func `cancels what runs`() throws {
    let seen = source.flow.fallback(to: [second.flow]).record(in: time)
    source.fail()
    seen.cancel()
    try second.expectReleased()
    #expect(second.cancellations == 1)
  }
}
