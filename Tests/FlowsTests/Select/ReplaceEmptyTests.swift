// Something instead of nothing.
import FlowTesting
import Flows
import Testing

@Suite struct ReplaceEmptyTests {
  @Test func `delivers an element instead of none`() throws {
    try marbles(
      """
      source              ---|
      replaceEmpty(with)  ---(a|)
      """
    ) { $0["source"].replaceEmpty(with: "a") }
  }

  @Test func `waits for demand with it`() throws {
    try marbles(
      """
      source              ---|
      replaceEmpty(with)  -----(a|)
      demand              -----1
      """
    ) { $0["source"].replaceEmpty(with: "a") }
  }

  @Test func `does nothing to a flow with an element`() throws {
    try marbles(
      """
      source              -b-|
      replaceEmpty(with)  -b-|
      """
    ) { $0["source"].replaceEmpty(with: "a") }
    #expect(try awaitAll(.just(1)) == [1])
  }

  @Test func `does not replace a failure`() throws {
    try marbles(
      """
      source              ---#
      replaceEmpty(with)  ---#
      """
    ) { $0["source"].replaceEmpty(with: "a") }
  }

  private func awaitAll(_ flow: Flow<Int>) throws -> [Int] {
    try VirtualTime().run { try await flow.replaceEmpty(with: 9).reduce(into: []) { $0.append($1) } }
  }
}
