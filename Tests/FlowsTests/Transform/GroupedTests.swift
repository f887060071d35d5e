// Elements with the same key, as flows.
import FlowTesting
import Flows
import Testing

@Suite struct GroupedTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")

  private func flow(_ policy: GroupLimit, buffer: Int = 9) -> Flow<GroupedFlow<Int, Int>> {
    source.flow.grouped(by: { $0 / 10 }, maxGroups: 2, atLimit: policy, buffer: buffer)
  }

  @Test func `delivers a flow for every new key`() throws {
    try marbles(
      """
      source              -a-b-A-B-c-|
      grouped { letter }  -x-y-----z-|
      """
    ) { sources in
      let names = ["a": "x", "b": "y", "c": "z"]
      return sources["source"].grouped(by: { $0.lowercased() }, maxGroups: 3, atLimit: .fail)
        .map { names[$0.key]! }
    }
  }

  @Test func `each group has the elements with its key`() throws {
    let flow = Flow.from(1...9).grouped(by: { $0 % 3 }, maxGroups: 3, atLimit: .fail)
      .flatMap(maxConcurrent: 3) { group in group.flow.chunks(ofCount: 9).map { [group.key] + $0 } }
    let seen = flow.record(in: time)
    #expect(Set(seen.elements) == [[1, 1, 4, 7], [2, 2, 5, 8], [0, 3, 6, 9]])
    #expect(seen.end != nil)
  }

  @Test func `asks for one element at a time, as long as one can be placed`() throws {
    let groups = flow(.fail, buffer: 2).record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(10, 11, 12, 13)
    #expect(source.sent == 1)
    let first = groups.elements[0].flow.record(in: time, demand: 1)
    try first.expect(10)
    #expect(source.sent == 3)
    first.request(1)
    try first.expect(11)
    groups.cancel()
    first.request(2)
    try first.expect(12)
    try first.expectFailure(CancellationError.self)
    try source.expectReleased()
  }

  @Test func `evicts the oldest`() throws {
    let groups = flow(.evictOldest).record(in: time)
    source.send(10)
    let first = groups.elements[0].flow.record(in: time)
    source.send(20, 30)
    try first.expect(10)
    try first.expectFinished()
    #expect(groups.elements.map(\.key) == [1, 2, 3])
    source.send(11)
    #expect(groups.elements.map(\.key) == [1, 2, 3, 1])
    groups.cancel()
    try source.expectReleased()
  }

  @Test func `fails when told to, and all groups with it`() throws {
    let groups = flow(.fail).record(in: time)
    source.send(10)
    let first = groups.elements[0].flow.record(in: time)
    source.send(20, 30)
    try first.expect(10)
    #expect(try first.expectFailure(TooManyGroups.self).limit == 2)
    #expect(groups.elements.count == 2 && groups.end != nil)
    try source.expectReleased()
  }

  @Test func `waits for a group to be let go`() throws {
    let groups = flow(.backpressure).record(in: time)
    source.send(10)
    let first = groups.elements[0].flow.record(in: time)
    source.send(20, 30)
    #expect(groups.elements.map(\.key) == [1, 2])
    #expect(source.sent == 3)
    first.cancel()
    #expect(groups.elements.map(\.key) == [1, 2, 3])
    groups.cancel()
    try source.expectReleased()
  }

  @Test func `does not wait for ever`() throws {
    let never = Flow.from([10, 20, 30]).grouped(by: { $0 }, maxGroups: 1, atLimit: .backpressure)
      .record(in: time)
    #expect(never.elements.count == 1)
    let first = never.elements[0].flow.record(in: time)
    try first.expect(10)
    try first.expectFailure(GroupStarvation.self)
  }

  @Test func `a group that is let go is skipped`() throws {
    let discards = Discards()
    let seen = flow(.fail).telling(discards).map(\.key).record(in: time)
    source.send(10, 11, 20, 12)
    try seen.expect(1, 2)
    #expect(discards.all(.policy).sorted() == ["10", "11", "12", "20"])
    source.send(30)
    try seen.expect(3)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `the end is that of all groups`() throws {
    for isFailure in [true, false] {
      let source = TestFlow<Int>()
      let groups = source.flow.grouped(by: { $0 }, maxGroups: 2, atLimit: .fail).record(in: time)
      source.send(1)
      let first = groups.elements[0].flow.record(in: time)
      if isFailure { source.fail() } else { source.finish() }
      try first.expect(1)
      if isFailure { try first.expectFailure(MarbleError.self) } else { try first.expectFinished() }
      #expect(groups.end != nil)
      try source.expectReleased()
    }
  }

  @Test func `a key that is refused fails the flow`() throws {
    let groups = source.flow.grouped(by: { _ -> Int in throw Refusal() }, maxGroups: 1, atLimit: .fail)
      .record(in: time)
    source.send(1)
    try groups.expectFailure(Refusal.self)
    try source.expectReleased()
  }

  // MARK: Idle groups

  private func idling(_ policy: GroupLimit = .fail, groups: Int = 9) -> Flow<GroupedFlow<Int, Int>> {
    source.flow.grouped(
      by: { $0 / 10 }, maxGroups: groups, atLimit: policy, buffer: 9, idle: .milliseconds(3))
  }

  @Test func `a group completes that gets nothing for long enough, and begins anew`() throws {
    let groups = idling().record(in: time)
    source.send(10, 20)
    let first = groups.elements[0].flow.record(in: time)
    let second = groups.elements[1].flow.record(in: time)
    #expect(time.pendingTimers == 1)
    time.advance(by: .milliseconds(2))
    source.send(11)
    time.advance(by: .milliseconds(1))
    try second.expect(20)
    try second.expectFinished(at: .milliseconds(3))
    time.advance(by: .milliseconds(2))
    try first.expect(10, 11)
    try first.expectFinished(at: .milliseconds(5))
    #expect(time.pendingTimers == 0)
    source.send(21)
    #expect(groups.elements.map(\.key) == [1, 2, 2])
    groups.cancel()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `an idle group makes place for another, and loses nothing of what waits in it`() throws {
    let groups = idling(.backpressure, groups: 1).record(in: time)
    source.send(10, 20)
    let first = groups.elements[0].flow.record(in: time, demand: 0)
    source.send(30)
    time.advance(by: .milliseconds(3))
    #expect(groups.elements.map(\.key) == [1, 2])
    first.request(9)
    try first.expect(10)
    try first.expectFinished()
    groups.cancel()
  }

  @Test func `a group is not idle while an element waits for space in it`() throws {
    let flow = source.flow.grouped(
      by: { $0 / 10 }, maxGroups: 9, atLimit: .fail, buffer: 1, idle: .milliseconds(3))
    let groups = flow.record(in: time)
    source.send(10, 11)
    let first = groups.elements[0].flow.record(in: time, demand: 0)
    time.advance(by: .milliseconds(30))
    #expect(groups.elements.count == 1)
    first.request(9)
    try first.expect(10, 11)
    time.advance(by: .milliseconds(3))
    try first.expectFinished()
    groups.cancel()
  }

  @Test func `groups that come and go by the thousand leave the idle ones to their time`() throws {
    let flow = source.flow.grouped(
      by: { $0 }, maxGroups: 2, atLimit: .evictOldest, buffer: 1, idle: .milliseconds(3))
    let ends = Counter()
    let seen = flow.flatMap(maxConcurrent: .max) { $0.flow.finally { _ in ends.add() } }.record(in: time)
    for number in 0..<1000 { source.send(number) }
    #expect(ends.count == 998 && time.pendingTimers == 1)
    time.advance(by: .milliseconds(3))
    #expect(ends.count == 1000 && time.pendingTimers == 0)
    seen.cancel()
    try source.expectReleased()
  }
}
