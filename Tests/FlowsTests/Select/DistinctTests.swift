// Nothing twice.
import FlowTesting
import Flows
import Testing

@Suite struct DistinctTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `drops what has come before`() throws {
    try marbles(
      """
      source              -a-b-a-c-b-|
      distinct { itself } -a-b---c---|
      """
    ) { $0["source"].distinct(by: { $0 }, limit: 8) }
  }

  @Test func `makes up for what it drops`() throws {
    let seen = source.flow.distinct(by: { $0 % 10 }, limit: 8).record(in: time, demand: 2)
    source.send(1, 11, 21, 2)
    try seen.expect(1, 2)
    #expect(source.asked == 0)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `remembers the keys that were seen last`() throws {
    let seen = Flow.from([1, 2, 1, 3, 2, 1]).distinct(by: { $0 }, limit: 2).record(in: time)
    try seen.expect(1, 2, 3, 2, 1)
    try seen.expectFinished()
  }

  @Test func `a key that is seen again and again is not forgotten`() throws {
    let elements = Flow.from(0..<10_000).map { $0.isMultiple(of: 2) ? -1 : $0 }
    let seen = elements.distinct(by: { $0 }, limit: 2).filter { $0 == -1 }.record(in: time)
    try seen.expect(-1)
    try seen.expectFinished()
  }

  @Test func `an error of the key fails the flow behind those before it`() throws {
    let discards = Discards()
    let keyed = source.flow.distinct(by: { if $0 < 0 { throw Refusal() } else { $0 } }, limit: 8)
    let seen = keyed.telling(discards).record(in: time, demand: 0)
    source.send(1, -2, 3)
    seen.request(3)
    try seen.expect(1)
    try seen.expectFailure(Refusal.self)
    #expect(discards.all == ["-2", "3"])
    try source.expectReleased()
  }
}
