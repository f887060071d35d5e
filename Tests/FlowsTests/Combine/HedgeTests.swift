// A second attempt beside a slow one.
import FlowTesting
import Flows
import Testing

private struct Refused: Error {}

@Suite struct HedgeTests {
  let time = VirtualTime()
  let first = TestFlow<Int>("first")
  let second = TestFlow<Int>("second")
  let third = TestFlow<Int>("third")

  /// The first run is one of `first`, the second one of `second`, and so on.
  private var flow: Flow<Int> {
    let runs = Counter()
    let all = [first.flow, second.flow, third.flow]
    return .deferred {
      defer { runs.add() }
      return all[runs.count]
    }
  }

  private func elapsed(_ milliseconds: Int) { time.advance(by: .milliseconds(milliseconds)) }

  @Test func `delivers the attempt that is first`() throws {
    try marbles(
      """
      slow             -----a-b-|
      quick            -x-y-|
      hedge(after: 2)  ---x-y-|
      """
    ) { sources in
      let runs = Counter()
      let (slow, quick) = (sources["slow"], sources["quick"])
      return Flow<String>.deferred {
        defer { runs.add() }
        return runs.count == 0 ? slow : quick
      }.hedge(after: .milliseconds(2), max: 2)
    }
  }

  @Test func `an element in time, or in the last moment, costs no second attempt`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 2).record(in: time)
    elapsed(2)
    #expect(second.isActive)
    seen.cancel()
    try marbles(
      """
      source           --a------b-|
      hedge(after: 2)  --a------b-|
      asked source     1-1---------
      demand           2-----------
      """
    ) { $0["source"].hedge(after: .milliseconds(2), max: 9) }
  }

  @Test func `asks each for one until it is decided, then the winner for all`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 2).record(in: time, demand: 5)
    #expect(first.asked == 1)
    elapsed(2)
    #expect(first.asked == 1 && second.asked == 1 && time.pendingTimers == 0)
    second.send(1, 2)
    try first.expectReleased()
    #expect(second.asked == 3)
    try seen.expect(1, 2)
    second.finish()
    try seen.expectFinished()
    try second.expectReleased()
  }

  @Test func `the others are let go before the first element is passed on`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 3).map { [second, third] element in
      (element, second.isReleased && third.isReleased)
    }.record(in: time)
    elapsed(4)
    #expect(third.isActive)
    first.send(1)
    #expect(seen.elements.map(\.1) == [true])
    seen.cancel()
    try first.expectReleased()
  }

  @Test func `time runs while something is asked for`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 2).record(in: time, demand: 0)
    elapsed(10)
    #expect(first.isActive && second.subscriptions == 0 && time.pendingTimers == 0)
    seen.request(1)
    elapsed(2)
    #expect(second.asked == 1)
    seen.cancel()
    try first.expectReleased()
    try second.expectReleased()
  }

  @Test func `no more run at a time than the limit says`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 2).record(in: time)
    elapsed(100)
    #expect(second.isActive && third.subscriptions == 0)
    seen.cancel()
    let alone = flow.hedge(after: .milliseconds(2), max: 1).record(in: time)
    elapsed(100)
    #expect(second.subscriptions == 1)
    alone.cancel()
  }

  @Test func `a failure does not decide while another runs`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 2).record(in: time)
    elapsed(2)
    first.fail(Refused())
    try first.expectReleased()
    second.send(1)
    try seen.expect(1)
    second.fail()
    try seen.expectFailure(MarbleError.self)
    #expect(first.subscriptions == 1 && third.subscriptions == 0)
  }

  @Test func `when all that run have failed, the first failure counts`() throws {
    let seen = flow.hedge(after: .milliseconds(2), max: 2).record(in: time)
    elapsed(2)
    second.fail(Refused())
    first.fail()
    try seen.expectFailure(Refused.self)
    // Nothing waits for a second attempt when the only one has failed.
    let alone = flow.hedge(after: .milliseconds(2), max: 2).record(in: time)
    first.fail(Refused())
    try alone.expectFailure(Refused.self)
    #expect(second.subscriptions == 1 && time.pendingTimers == 0)
  }

  @Test func `completion without an element decides, without demand`() throws {
    let seen = flow.hedge(after: .zero, max: 2).record(in: time, demand: 1)
    second.finish()
    try seen.expectFinished()
    try first.expectReleased()
    let unasked = flow.hedge(after: .zero, max: 2).record(in: time, demand: 0)
    first.finish()
    try unasked.expectFinished()
  }

  @Test func `the delay may be made anew for each run and attempt`() throws {
    let asked = Box<[Int]>([])
    let seen = flow.hedge(max: 9) { attempts in
      asked.change { $0.append(attempts) }
      return attempts < 3 ? .milliseconds(attempts) : nil
    }.record(in: time)
    elapsed(1)
    #expect(second.isActive && !third.isActive)
    elapsed(1)
    #expect(!third.isActive)
    elapsed(1)
    #expect(third.isActive && time.pendingTimers == 0)
    elapsed(100)
    #expect(asked.value == [1, 2, 3])
    seen.cancel()
    let broken = flow.hedge(max: 2) { _ in throw Refused() }.record(in: time)
    try broken.expectFailure(Refused.self)
    try first.expectReleased()
  }

  @Test func `a budget bounds the attempts of all that share it`() throws {
    let budget = HedgeBudget(share: 0.1, reserve: 1)
    let slow = TestFlow<Int>("slow")
    let hedged = slow.flow.hedge(after: .milliseconds(1), max: 5, budget: budget)
    let first = hedged.record(in: time)
    elapsed(5)
    #expect(slow.subscriptions == 2 && budget.available == 0)
    first.cancel()
    // Ten runs earn one attempt.
    for count in 1...10 {
      let other = hedged.record(in: time)
      #expect(budget.available == (count == 10 ? 1 : 0))
      if count < 10 { elapsed(5) }
      other.cancel()
    }
    #expect(slow.subscriptions == 12 && time.pendingTimers == 0)
  }
}
