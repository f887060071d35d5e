// Another flow instead of nothing.
import FlowTesting
import Flows
import Testing

@Suite struct SwitchIfEmptyTests {
  private struct Nothing: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>()
  let other = TestFlow<Int>()

  @Test func `goes on with another flow`() throws {
    try marbles(
      """
      source         ---|
      other          -x-|
      switchIfEmpty  ----x-|
      """
    ) { flows in flows["source"].switchIfEmpty { [other = flows["other"]] in other } }
  }

  @Test func `a flow with an element is left as it is`() throws {
    let seen = source.flow.switchIfEmpty { [other] in other.flow }.record(in: time)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
    #expect(other.subscriptions == 0)
  }

  @Test func `a failure is no completion`() throws {
    let seen = source.flow.switchIfEmpty { [other] in other.flow }.record(in: time)
    source.fail()
    try seen.expectFailure(MarbleError.self)
    #expect(other.subscriptions == 0)
  }

  @Test func `asks the other for what was asked for, and lets the first go before`() throws {
    let seen = source.flow.switchIfEmpty { [source, other] in
      #expect(throws: Never.self) { try source.expectReleased() }
      return other.flow
    }.record(in: time, demand: 2)
    source.finish()
    #expect(other.asked == 2)
    other.finish()
    try seen.expectFinished()
    try other.expectReleased()
  }

  @Test func `an error thrown instead of a flow fails`() throws {
    let seen = Flow<Int>.empty().switchIfEmpty { throw Nothing() }.record(in: time)
    try seen.expectFailure(Nothing.self)
  }

  @Test func `fails when nothing came`() throws {
    try marbles(
      """
      source       ---|
      failIfEmpty  ---#
      """
    ) { $0["source"].failIfEmpty(MarbleError()) }
  }

  @Test func `does not fail when something came`() throws {
    let seen = Flow.just(1).failIfEmpty(Nothing()).record(in: time)
    try seen.expect(1)
    try seen.expectFinished()
  }
}
