// Again after completion.
import FlowTesting
import Flows
import Synchronization
import Testing

private struct Refused: Error {}

@Suite struct RepeatTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `runs a flow several times`() throws {
    try marbles(
      """
      source     -a-b|
      repeat(3)  -a-b-a-b-a-b|
      """
    ) { $0["source"].repeat(3) }
  }

  @Test func `runs a flow as long as a condition holds`() throws {
    let isShort = Atomic<Bool>(true)
    try marbles(
      """
      source                  -a-b|
      repeat(while: isShort)  -a-b-a-b|
      """
    ) { sources in
      sources["source"].repeat { isShort.exchange(false, ordering: .relaxed) }
    }
  }

  @Test func `once is the flow itself, and never is nothing`() throws {
    let once = source.flow.repeat(1).record(in: time)
    source.send(1)
    source.finish()
    try once.expect(1)
    try once.expectFinished()
    let never = source.flow.repeat(0).record(in: time)
    try never.expectFinished()
    #expect(source.subscriptions == 1)
  }

  @Test func `carries demand from one run to the next`() throws {
    let seen = Flow.from([1, 2, 3]).repeat(3).record(in: time, demand: 4)
    #expect(seen.elements == [1, 2, 3, 1])
    seen.request(4)
    #expect(seen.elements == [1, 2, 3, 1, 2, 3, 1, 2])
    seen.request(1)
    #expect(seen.elements.count == 9)
    try #require(seen.end != nil)
  }

  @Test func `lets one run go before it begins the next`() throws {
    let seen = source.flow.repeat { [source] in
      #expect(source.isReleased)
      return source.subscriptions < 2
    }.record(in: time)
    source.finish()
    #expect(source.subscriptions == 2 && source.isActive)
    source.finish()
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `does not begin a run for somebody who has enough`() throws {
    let starts = Atomic<Int>(0)
    let counted = Flow<Int> { context in
      starts.add(1, ordering: .relaxed)
      return Flow.just(1).start(in: context)
    }
    let seen = counted.repeat { true }.prefix(3).record(in: time)
    try seen.expect(1, 1, 1)
    try seen.expectFinished()
    #expect(starts.load(ordering: .relaxed) == 3)
  }

  @Test func `completes without demand`() throws {
    let seen = Flow<Int>.empty().repeat(5).record(in: time, demand: .none)
    try seen.expectFinished()
  }

  @Test func `stops at a failure`() throws {
    let seen = source.flow.repeat(3).record(in: time)
    source.finish()
    source.fail()
    try seen.expectFailure(MarbleError.self)
    #expect(source.subscriptions == 2)
    try source.expectReleased()
  }

  @Test func `fails when its condition throws`() throws {
    let seen = source.flow.repeat { throw Refused() }.record(in: time)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
    try source.expectReleased()
  }

  @Test func `hundreds of thousands of runs overflow no stack`() throws {
    let seen = Flow.just(1).repeat(300_000).ignoreOutput().record(in: time)
    try seen.expectFinished()
    let empty = Flow<Int>.empty().repeat(300_000).record(in: time, demand: .none)
    try empty.expectFinished()
  }

  @Test func `is left when it is cancelled, even when its runs are empty`() throws {
    let runs = Atomic<Int>(0)
    let place = Mutex<FlowSubscription?>(nil)
    let endless = Flow<Int>.never().merge(
      with: Flow<Int>.empty().repeat {
        if runs.add(1, ordering: .relaxed).newValue == 1000 { place.withLock { $0?.cancel() } }
        return true
      })
    // Begins with the first request, when there is a handle to cancel.
    let gate = TestFlow<Int>("gate")
    let subscription = gate.flow.flatMap(maxConcurrent: 1) { _ in endless }.subscribe(onValue: { _ in })
    place.withLock { $0 = subscription }
    gate.send(1)
    #expect(subscription.isEnded)
    #expect(runs.load(ordering: .relaxed) < 2000)
  }
}
