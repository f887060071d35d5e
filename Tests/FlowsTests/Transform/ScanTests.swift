// What a fold is after each element.
import FlowTesting
import Flows
import Testing

@Suite struct ScanTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers what the elements make so far`() throws {
    try marbles(
      """
      source      -1-2-3-|
      scan(0, +)  -1-3-6-|
      """
    ) { $0.ints("source").scan(0, +) }
  }

  @Test func `goes by the name of sequences too`() throws {
    try marbles(
      """
      source            -1-2-3-|
      reductions(0, +)  -1-3-6-|
      """
    ) { $0.ints("source").reductions(0, +) }
  }

  @Test func `changes the result in its place`() throws {
    try marbles(
      """
      source               -1-2-3-|
      reductions(into: 0)  -1-3-6-|
      """
    ) { $0.ints("source").reductions(into: 0) { $0 += $1 } }
  }

  @Test func `does not deliver what it begins with`() throws {
    let seen = Flow<Int>.empty().scan(7, +).record(in: time)
    try seen.expectFinished()
    try seen.done()
  }

  @Test func `every run begins anew`() throws {
    let sums = Flow.from(1...4).scan(0, +)
    for _ in 0..<2 {
      let seen = sums.record(in: time)
      try seen.expect(1, 3, 6, 10)
      try seen.expectFinished()
    }
  }

  @Test func `goes on where it was, whatever is asked for at a time`() throws {
    let words = Flow.from(["a", "b", "c", "d", "e"]).reductions(into: "") { $0 += $1 }
    let seen = words.record(in: time, demand: 2)
    try seen.expect("a", "ab")
    seen.request(1)
    try seen.expect("abc")
    seen.request(9)
    try seen.expect("abcd", "abcde")
    try seen.expectFinished()
  }

  @Test func `asks for what it is asked for`() throws {
    let seen = source.flow.scan(0, +).record(in: time, demand: 3)
    #expect(source.asked == 3)
    source.send(1, 2)
    #expect(source.askedInTotal == 3)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `a refused element fails the flow behind those before it`() throws {
    let discards = Discards()
    let sums = source.flow.scan(0) { sum, element in
      if element < 0 { throw Refusal() }
      return sum + element
    }
    let seen = sums.telling(discards).record(in: time, demand: 0)
    source.send(1, 2, -3, 4)
    seen.request(4)
    try seen.expect(1, 3)
    try seen.expectFailure(Refusal.self)
    try seen.done()
    #expect(discards.all == ["-3", "4"])
    try source.expectReleased()
  }
}
