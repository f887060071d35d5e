// One element in, one element out.
import FlowTesting
import Flows
import Testing

@Suite struct MapTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers what the closure makes of each element`() throws {
    try marbles(
      """
      source  -a-b-c-|
      map     -A-B-C-|
      """
    ) { $0["source"].map { $0.uppercased() } }
  }

  @Test func `asks for what it is asked for`() throws {
    try marbles(
      """
      source        -abc--|
      map           -A-B-C|
      demand        1--1-1
      asked source  1--1-1
      """
    ) { $0["source"].map { $0.uppercased() } }
  }

  @Test func `fails with the error of the closure, after the elements before`() throws {
    let seen = source.flow.map { if $0 == 3 { throw MarbleError() } else { $0 * 10 } }.record(in: time)
    source.send(1, 2, 3, 4)
    try seen.expect(10, 20)
    try seen.expectFailure(MarbleError.self)
    try seen.done()
    #expect(source.cancellations == 1)
    try source.expectReleased()
  }

  @Test func `hands over what its failure leaves over`() throws {
    let discards = Discards()
    let seen = source.flow.map { if $0 == 2 { throw MarbleError() } else { $0 } }.telling(discards).record(
      in: time)
    source.send(1, 2, 3)
    try seen.expect(1)
    try seen.expectFailure()
    #expect(discards.all(.ended) == ["2", "3"])
  }
}
