// The smallest flows.
import FlowTesting
import Flows
import Testing

@Suite struct JustTests {
  @Test func `delivers one element and completes`() throws {
    try marbles("just(a)  (a|)") { _ in .just("a") }
  }

  @Test func `waits to be asked`() throws {
    try marbles(
      """
      demand   ---1-
      just(a)  ---(a|)
      """
    ) { _ in .just("a") }
  }

  @Test func `an empty flow completes at once, unasked`() throws {
    try marbles("empty()  |") { _ in Flow<String>.empty() }
    try marbles(
      """
      demand   -----
      empty()  |
      """
    ) { _ in Flow<String>.empty() }
  }

  @Test func `a flow that never ends delivers nothing`() throws {
    try marbles("never()  ----") { _ in Flow<String>.never() }
  }

  @Test func `a failing flow fails at once, unasked`() throws {
    try marbles("fail(error)  #") { _ in Flow<String>.fail(MarbleError()) }
    try marbles(
      """
      demand       -----
      fail(error)  #
      """
    ) { _ in Flow<String>.fail(MarbleError()) }
  }
}
