// No more than so many, ever.
import FlowTesting
import Flows
import Testing

@Suite struct LimitRequestTests {
  @Test func `asks for no more than the limit, and completes with the last`() throws {
    try marbles(
      """
      source           -a-(b!)
      limitRequest(2)  -a-(b|)
      asked source     2--
      """
    ) { $0["source"].limitRequest(2) }
  }

  @Test func `counts all requests together`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.limitRequest(3).record(in: VirtualTime(), demand: 2)
    source.send(1, 2, 3, 4)
    try seen.expect(1, 2)
    seen.request(5)
    try seen.expect(3)
    try seen.expectFinished()
    #expect(source.askedInTotal == 3)
    try source.expectReleased()
  }

  @Test func `traps on a negative number`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).limitRequest(-1) }
  }
}
