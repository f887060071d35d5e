// Elements that exist already.
import FlowTesting
import Flows
import Synchronization
import Testing

@Suite struct FromTests {
  let time = VirtualTime()

  @Test func `delivers the elements of a collection and completes with the last`() throws {
    try marbles("from([a, b, c])  (abc|)") { _ in .from(["a", "b", "c"]) }
  }

  @Test func `delivers what is asked for, and the end with the last element`() throws {
    try marbles(
      """
      demand  1--2---
      from    a--(bc|)
      """
    ) { _ in .from(["a", "b", "c"]) }
  }

  @Test func `an empty collection completes unasked`() throws {
    let seen = Flow.from([Int]()).record(in: time, demand: 0)
    try seen.expectFinished()
  }

  @Test func `begins anew with each run`() throws {
    let flow = Flow.from(1...3)
    for _ in 1...2 {
      let seen = flow.record(in: time)
      try seen.expect(1, 2, 3)
      try seen.expectFinished()
      try seen.done()
    }
  }

  @Test func `a slice begins where it begins`() throws {
    let seen = Flow.from([1, 2, 3, 4][1...2]).record(in: time)
    try seen.expect(2, 3)
    try seen.expectFinished()
  }

  @Test func `asks an iterator for no more than was asked for`() throws {
    let steps = Counter()
    let seen = Flow.from(CountedSequence(steps, upTo: 10)).record(in: time, demand: 2)
    try seen.expect(1, 2)
    try seen.done()
    #expect(steps.count == 2)
    seen.request(3)
    try seen.expect(3, 4, 5)
    #expect(steps.count == 5)
  }

  @Test func `lets the iterator go when it is cancelled`() throws {
    let live = LiveCount()
    let seen = Flow.from(CountedSequence(Counter(), upTo: 10, holding: { live.token() }))
      .record(in: time, demand: 2)
    #expect(live.live == 1)
    seen.cancel()
    try live.expectNone()
  }

  @Test func `lets the iterator go when it is at its end`() throws {
    let live = LiveCount()
    let seen = Flow.from(CountedSequence(Counter(), upTo: 2, holding: { live.token() })).record(in: time)
    try seen.expect(1, 2)
    try seen.expectFinished()
    try live.expectNone()
  }

  @Test func `a sequence and a collection are a flow by themselves`() throws {
    let collection = [1, 2].flow.record(in: time, demand: 2)
    try collection.expect(1, 2)
    try collection.expectFinished()
    let sequence = sequence(first: 1) { $0 < 3 ? $0 + 1 : nil }.flow.record(in: time)
    try sequence.expect(1, 2, 3)
    try sequence.expectFinished()
  }

  @Test func `a million elements pass`() async throws {
    #expect(try await Flow.from(1...1_000_000).reduce(0, +) == 500_000_500_000)
    #expect(try await Flow.from(CountedSequence(Counter(), upTo: 1_000_000)).count() == 1_000_000)
  }
}

/// Counts from 1, and counts how often it was asked.
struct CountedSequence: Sequence, Sendable {
  let steps: Counter
  let end: Int
  let hold: @Sendable () -> LiveCount.Token?

  init(_ steps: Counter, upTo end: Int, holding hold: @escaping @Sendable () -> LiveCount.Token? = { nil }) {
    self.steps = steps
    self.end = end
    self.hold = hold
  }

  struct Iterator: IteratorProtocol {
    let steps: Counter
    let end: Int
    let token: LiveCount.Token?
    var last = 0
    mutating func next() -> Int? {
      steps.add()
      if last == end { return nil }
      last += 1
      return last
    }
  }

  func makeIterator() -> Iterator { Iterator(steps: steps, end: end, token: hold()) }
}
