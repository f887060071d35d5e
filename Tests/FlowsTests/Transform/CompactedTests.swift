// What is there, of elements that may be nothing.
import FlowTesting
import Flows
import Testing

@Suite struct CompactedTests {
  @Test func `delivers what is not nil`() throws {
    try marbles(
      """
      source       -a-x-b-|
      compacted()  -a---b-|
      """
    ) { $0["source"].map { $0 == "x" ? nil : $0 }.compacted() }
  }

  @Test func `makes up for what it drops`() throws {
    let source = TestFlow<Int?>()
    let seen = source.flow.compacted().record(in: VirtualTime(), demand: 2)
    source.send(nil, 1, nil)
    try seen.expect(1)
    #expect(source.sent == 3 && source.asked == 1)
    source.finish()
    try seen.expectFinished()
    try source.expectReleased()
  }
}
