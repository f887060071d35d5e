// Something between the elements.
import FlowTesting
import Flows
import Testing

@Suite struct InterspersedTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `puts a separator between the elements`() throws {
    try marbles(
      """
      source           -a-b----c---|
      interspersed(x)  -a-(xb)-(xc)|
      """
    ) { $0["source"].interspersed(with: "x") }
  }

  @Test func `puts one between groups`() throws {
    let seen = Flow.from(1...5).interspersed(with: 0, every: 2).record(in: time)
    try seen.expect(1, 2, 0, 3, 4, 0, 5)
    try seen.expectFinished()
  }

  @Test(arguments: 1...4) func `is the same however much is asked for at a time`(demand: Int) throws {
    let seen = Flow.from(1...3).interspersed(with: 0).record(in: time, demand: 0)
    for _ in 0..<5 { seen.request(demand) }
    try seen.expect(1, 0, 2, 0, 3)
    try seen.expectFinished()
  }

  @Test func `holds the element behind a separator, at most one`() throws {
    let discards = Discards()
    let seen = source.flow.interspersed(with: 0).telling(discards).record(in: time, demand: 2)
    source.send(1, 2, 3)
    try seen.expect(1, 0)
    #expect(source.sent == 2)
    seen.cancel()
    #expect(discards.all == ["2"])
    try source.expectReleased()
  }

  @Test func `what is held comes before the end`() throws {
    let seen = source.flow.interspersed(with: 0).record(in: time, demand: 2)
    source.send(1, 2)
    source.fail()
    try seen.expect(1, 0)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(2)
    try seen.expectFailure(MarbleError.self)
  }
}
