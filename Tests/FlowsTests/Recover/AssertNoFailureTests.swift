// A flow that cannot fail.
import FlowTesting
import Flows
import Testing

@Suite struct AssertNoFailureTests {
  @Test func `does nothing while nothing fails`() throws {
    try marbles(
      """
      source           -a-b-|
      assertNoFailure  -a-b-|
      """
    ) { $0["source"].assertNoFailure() }
  }

  @Test func `asks for what was asked for, and lets the source go`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.assertNoFailure().record(in: VirtualTime(), demand: 2)
    #expect(source.asked == 2)
    seen.cancel()
    try source.expectReleased()
  }
}
