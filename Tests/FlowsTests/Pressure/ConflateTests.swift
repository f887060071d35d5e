// What was missed, in one element.
import FlowTesting
import Flows
import Testing

@Suite struct ConflateTests {
  @Test func `makes one of what was missed`() throws {
    try marbles(
      """
      source       -1234|
      conflate(+)  -1-----(9|)
      demand       1------1
      """
    ) { $0.ints("source").conflate { $0 + $1 } }
  }

  @Test func `changes nothing for a consumer that keeps up`() throws {
    try marbles(
      """
      source       -1-(23)-#
      conflate(+)  -1-(23)-#
      """
    ) { $0.ints("source").conflate { $0 + $1 } }
  }

  @Test func `fails when the closure throws, after what waits`() throws {
    try marbles(
      """
      source       -12(3!)
      conflate(+)  -1------(2#)
      demand       1-------1
      """
    ) { $0.ints("source").conflate { _, _ in throw MarbleError() } }
  }

  @Test func `consumes without limit, and lets go when it is cancelled`() throws {
    let held = LiveCount()
    let source = TestFlow<LiveCount.Token>()
    let seen = source.flow.conflate { _, new in new }.record(in: VirtualTime(), demand: 0)
    #expect(source.asked == .max)
    source.send(held.token(), held.token())
    #expect(held.live == 1)
    seen.cancel()
    try held.expectNone()
    try source.expectReleased()
  }
}
