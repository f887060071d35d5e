// One last element instead of a failure.
import FlowTesting
import Flows
import Testing

@Suite struct ReplaceErrorTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers a last element instead of failing`() throws {
    try marbles(
      """
      source           -a-b-#
      replaceError(x)  -a-b-(x|)
      """
    ) { $0["source"].replaceError(with: "x") }
  }

  @Test func `waits for demand with it, having let the source go`() throws {
    let seen = source.flow.replaceError(with: 9).record(in: time, demand: 1)
    source.send(1)
    source.fail()
    try seen.expect(1)
    try seen.expectNothing()
    try source.expectReleased()
    seen.request(1)
    try seen.expect(9)
    try seen.expectFinished()
    try seen.done()
  }

  @Test func `changes nothing while nothing fails`() throws {
    let seen = source.flow.replaceError(with: 9).record(in: time)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
    try seen.done()
  }
}
