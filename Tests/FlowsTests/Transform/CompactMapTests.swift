// One element in, one or none out.
import FlowTesting
import Flows
import Testing

@Suite struct CompactMapTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<String>()

  @Test func `delivers what is made of an element`() throws {
    try marbles(
      """
      source      -1-x-3-|
      compactMap  -1---3-|
      """
    ) { $0["source"].compactMap { Int($0) } }
  }

  @Test func `asks for another element for each of which nothing is made`() throws {
    let seen = source.flow.compactMap { Int($0) }.record(in: time, demand: 2)
    #expect(source.asked == 2)
    source.send("x", "1", "y", "z", "2", "3")
    try seen.expect(1, 2)
    try seen.expectNothing()
    #expect(source.askedInTotal == 5)
    #expect(source.sent == 5)
    seen.request(1)
    try seen.expect(3)
    source.finish()
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `a refused element fails the flow behind those before it`() throws {
    let discards = Discards()
    let numbers = source.flow.compactMap { text -> Int? in
      if text == "!" { throw Refusal() }
      return Int(text)
    }
    let seen = numbers.telling(discards).record(in: time, demand: 0)
    source.send("1", "x", "!", "4")
    seen.request(4)
    try seen.expect(1)
    try seen.expectFailure(Refusal.self)
    try seen.done()
    #expect(discards.all == ["!", "4"])
    try source.expectReleased()
  }

  @Test func `keeps elements that own something alive, and no longer`() throws {
    let count = LiveCount()
    let tokens = TestFlow<LiveCount.Token?>()
    let seen = tokens.flow.compactMap { $0 }.record(in: time)
    tokens.send(count.token(), nil, count.token())
    #expect(seen.elements.count == 2)
    #expect(count.live == 2)
    seen.cancel()
    try tokens.expectReleased()
  }
}
