// Elements that belong together, in one.
import FlowTesting
import Flows
import Testing

@Suite struct ChunkedTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers neighbours that belong together`() throws {
    try marbles(
      """
      source          -1-2-4-5-7-|
      chunked { +1 }  -----x---y-(z|)
      """,
      results: ["x": [1, 2], "y": [4, 5], "z": [7]]
    ) { $0.ints("source").chunked { $0 + 1 == $1 } }
  }

  @Test func `delivers neighbours with the same key, with the key`() throws {
    try marbles(
      """
      source             -a-a-b-a-|
      chunked { itself } -----x-y-(z|)
      """,
      results: ["x": ["a", "a", "a"], "y": ["b", "b"], "z": ["a", "a"]]
    ) { $0["source"].chunked(on: { $0 }).map { [$0] + $1 } }
  }

  @Test func `delivers elements up to one that ends them`() throws {
    try marbles(
      """
      source              -1-2-3-4-5-|
      chunked { is even } ---x---y---(z|)
      """,
      results: ["x": [1, 2], "y": [3, 4], "z": [5]]
    ) { $0.ints("source").chunked(until: { $0 % 2 == 0 }) }
  }

  @Test func `makes up for elements that complete no array`() throws {
    let seen = source.flow.chunked { $0 + 1 == $1 }.record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(1, 2, 4, 5)
    try seen.expect([1, 2])
    #expect(source.sent == 3)
    seen.request(1)
    source.send(7)
    try seen.expect([4, 5])
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `the last array waits for demand, and is not there when it is empty`() throws {
    let seen = source.flow.chunked(until: { $0 == 2 }).record(in: time, demand: 1)
    source.send(1, 2)
    try seen.expect([1, 2])
    let other = source.flow.chunked(until: { $0 == 2 }).record(in: time, demand: 0)
    other.request(1)
    source.send(3)
    source.finish()
    try other.expect([3])
    try other.expectFinished()
    try seen.expectNothing()
    seen.request(1)
    try seen.expect([3])
    try seen.expectFinished()
    try source.expectReleased()
    #expect(Flow.from([1, 2]).chunked(until: { $0 == 2 }).record(in: time).elements == [[1, 2]])
    #expect(Flow<Int>.empty().chunked { $0 == $1 }.record(in: time).elements == [])
  }

  @Test func `a failure discards what waits, and so does a cancellation`() throws {
    for isFailure in [true, false] {
      let (discards, source) = (Discards(), TestFlow<Int>())
      let seen = source.flow.chunked(on: { $0 / 10 }).telling(discards).record(in: time)
      source.send(1, 2, 11, 12)
      #expect(seen.elements.map(\.1) == [[1, 2]])
      if isFailure { source.fail() } else { seen.cancel() }
      #expect(discards.all(.ended) == ["11", "12"])
      #expect((seen.end != nil) == isFailure)
      try source.expectReleased()
    }
  }

  @Test func `a closure that throws fails the flow, after the arrays before`() throws {
    let discards = Discards()
    let seen = Flow.from(1...9).chunked(until: { number in
      if number == 5 { throw Refusal() }
      return number % 2 == 0
    }).telling(discards).record(in: time)
    try seen.expect([1, 2], [3, 4])
    try seen.expectFailure(Refusal.self)
    #expect(discards.all == ["6", "7", "8", "9"])
  }
}
