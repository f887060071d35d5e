// So many runs at a time.
import FlowTesting
import Testing

@testable import Flows

@Suite struct BulkheadTests {
  let time = VirtualTime()
  let a = TestFlow<Int>("a")
  let b = TestFlow<Int>("b")
  let c = TestFlow<Int>("c")
  let one = Bulkhead(maxConcurrent: 1, maxWaiting: 2)

  private func record(_ source: TestFlow<Int>, demand: FlowDemand = .unlimited) -> Recording<Int> {
    source.flow.bulkhead(one).record(in: time, demand: demand)
  }

  @Test func `lets one run after another`() throws {
    let one = Bulkhead(maxConcurrent: 1, maxWaiting: 1)
    try marbles(
      """
      a            -1-2-|
      b            -3-4-|
      bulkhead(1)  -1-2--3-4-|
      """
    ) { $0["a"].bulkhead(one).merge(with: $0["b"].bulkhead(one)) }
  }

  @Test func `asks for what was asked for, of the runs that are let in`() throws {
    let first = record(a, demand: 2)
    let second = record(b, demand: 3)
    #expect(a.asked == 2 && b.subscriptions == 0)
    a.send(1, 2)
    try first.expect(1, 2)
    first.request(1)
    #expect(a.asked == 1)
    a.finish()
    time.run()
    #expect(b.asked == 3)
    try first.expectFinished()
    second.cancel()
    try a.expectReleased()
    try b.expectReleased()
  }

  @Test func `gives the place back before the end is passed on`() throws {
    for isFailure in [false, true] {
      let places = Box<[Int]>([])
      let flow = a.flow.bulkhead(one)
      let subscription = time.asDefault {
        flow.subscribe { _ in
        } onEnd: { [one] _ in
          places.change { $0.append(one.snapshot.inUse) }
        }
      }
      #expect(one.snapshot == .init(inUse: 1, waiting: 0))
      if isFailure { a.fail() } else { a.finish() }
      #expect(subscription.isEnded && places.value == [0])
      try a.expectReleased()
    }
  }

  @Test func `first come, first served, without demand`() throws {
    let order = Box<[String]>([])
    let flows = ["a", "b", "c"].map { name in
      Flow<Int>.deferred {
        order.change { $0.append(name) }
        return .never()
      }
    }
    let all = flows.map { $0.bulkhead(one).record(in: time, demand: 0) }
    #expect(one.snapshot == .init(inUse: 1, waiting: 2))
    for recording in all {
      recording.cancel()
      time.run()
    }
    #expect(order.value == ["a", "b", "c"])
    #expect(one.snapshot == .init(inUse: 0, waiting: 0))
  }

  @Test func `who comes when it is free does not overtake who waits`() throws {
    let first = record(a)
    let second = record(b)
    first.cancel()
    // Nobody has called the second yet.
    let third = record(c)
    time.run()
    #expect(b.isActive && !c.isActive)
    second.cancel()
    time.run()
    #expect(c.isActive)
    third.cancel()
  }

  @Test func `a cancelled run leaves the line, wherever it stands`() throws {
    let first = record(a)
    let second = record(b)
    let third = record(c)
    second.cancel()
    #expect(one.snapshot == .init(inUse: 1, waiting: 1))
    first.cancel()
    time.run()
    #expect(b.subscriptions == 0 && c.isActive)
    third.cancel()
    #expect(one.snapshot == .init(inUse: 0, waiting: 0))
    try c.expectReleased()
  }

  @Test func `one that was called and leaves before it came calls the next`() throws {
    let first = record(a)
    let second = record(b)
    let third = record(c)
    first.cancel()
    second.cancel()
    time.run()
    #expect(c.isActive && b.subscriptions == 0)
    third.cancel()
  }

  @Test func `refuses who finds no place to wait`() throws {
    let none = Bulkhead(maxConcurrent: 1, maxWaiting: 0)
    let first = a.flow.bulkhead(none).record(in: time)
    let refused = b.flow.bulkhead(none).record(in: time, demand: 0)
    #expect(try refused.expectFailure(BulkheadFull.self) == BulkheadFull(limit: 1))
    #expect(BulkheadFull(limit: 1).description == "1 runs are under way, and no more may wait")
    #expect(b.subscriptions == 0)
    first.cancel()
    let next = b.flow.bulkhead(none).record(in: time)
    #expect(b.isActive)
    next.cancel()
  }

  @Test func `a line of a hundred thousand runs that end at once overflows no stack`() throws {
    let long = Bulkhead(maxConcurrent: 1, maxWaiting: .max)
    let first = a.flow.bulkhead(long).record(in: time)
    let ended = Counter()
    let flow = Flow<Int>.just(1).bulkhead(long).scheduler(time)
    let waiting = (0..<100_000).map { _ in
      flow.subscribe { _ in
      } onEnd: { _ in
        ended.add()
      }
    }
    #expect(long.snapshot.waiting == 100_000)
    first.cancel()
    time.run()
    #expect(ended.count == 100_000 && long.snapshot == .init(inUse: 0, waiting: 0))
    withExtendedLifetime(waiting) {}
  }

  @Test func `a line sets no timer`() throws {
    let all = [record(a), record(b), record(c)]
    #expect(time.pendingTimers == 0)
    for recording in all { recording.cancel() }
  }
}
