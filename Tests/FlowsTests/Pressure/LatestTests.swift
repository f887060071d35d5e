// The latest element.
import FlowTesting
import Flows
import Testing

@Suite struct LatestTests {
  @Test func `holds the latest element until one is asked for`() throws {
    try marbles(
      """
      source    -abcd---e|
      latest()  -a-----d---(e|)
      demand    1------1---1
      """
    ) { $0["source"].latest() }
  }

  @Test func `skips nothing for a consumer that keeps up`() throws {
    try marbles(
      """
      source    -abcd---e|
      latest()  -abcd---e|
      """
    ) { $0["source"].latest() }
  }

  @Test func `jumps to the last of what is there at once`() throws {
    let seen = Flow.from(1...1000).latest().record(in: VirtualTime(), demand: 1)
    try seen.expect(1)
    seen.request(1)
    try seen.expect(1000)
    try seen.expectFinished()
  }

  @Test func `delivers what waits before a failure`() throws {
    try marbles(
      """
      source    -ab#
      latest()  -a----(b#)
      demand    1-----1
      """
    ) { $0["source"].latest() }
  }
}
