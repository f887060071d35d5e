// Some elements pass.
import FlowTesting
import Flows
import Testing

@Suite struct FilterTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers the elements that satisfy the condition`() throws {
    try marbles(
      """
      source          -1-2-3-4-|
      filter { even } ---2---4-|
      """
    ) { $0.ints("source").filter { $0 % 2 == 0 } }
  }

  @Test func `asks for another element in place of one that does not pass`() throws {
    try marbles(
      """
      source          -1-2-3-4-|
      filter { even } ---2---4-|
      demand          1---1
      asked source    11--11
      """
    ) { $0.ints("source").filter { $0 % 2 == 0 } }
  }

  @Test func `fails with the error of the condition, after the elements before`() throws {
    let seen = source.flow.filter { if $0 == 3 { throw MarbleError() } else { $0 != 1 } }.record(in: time)
    source.send(1, 2, 3, 4)
    try seen.expect(2)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
    #expect(source.cancellations == 1)
    try source.expectReleased()
  }

  @Test func `hands over what its failure leaves over`() throws {
    let discards = Discards()
    let seen = source.flow.filter { if $0 == 2 { throw MarbleError() } else { true } }.telling(discards)
      .record(in: time)
    source.send(1, 2, 3)
    try seen.expect(1)
    try seen.expectFailure()
    #expect(discards.all(.ended) == ["2", "3"])
  }

  @Test func `keeps elements that are no plain data in order`() throws {
    let seen = Flow.from((0..<1000).map { "number \($0)" }).filter { $0.hasSuffix("7") }.record(in: time)
    #expect(seen.elements == (0..<1000).filter { $0 % 10 == 7 }.map { "number \($0)" })
  }
}
