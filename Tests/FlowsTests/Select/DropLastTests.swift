// All but the end of a flow.
import FlowTesting
import Flows
import Testing

@Suite struct DropLastTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers all but the last elements`() throws {
    try marbles(
      """
      source       -a-b-c-d-|
      dropLast(2)  -----a-b-|
      """
    ) { $0["source"].dropLast(2) }
  }

  @Test func `holds so many elements on top of what is asked for`() throws {
    let discards = Discards()
    let seen = source.flow.dropLast(2).telling(discards).record(in: time, demand: 1)
    #expect(source.asked == 3)
    source.send(1, 2, 3, 4)
    try seen.expect(1)
    #expect(source.sent == 3)
    seen.request(1)
    try seen.expect(2)
    source.finish()
    try seen.expectFinished()
    #expect(discards.all(.policy) == ["3", "4"])
    try source.expectReleased()
  }

  @Test func `asks for nothing without demand`() throws {
    let seen = source.flow.dropLast(2).record(in: time, demand: 0)
    #expect(source.askedInTotal == 0)
    seen.cancel()
    try source.expectReleased()
  }

  @Test(arguments: [0, 1, 200, Int.max]) func `whatever is asked for at a time`(count: Int) throws {
    let seen = Flow.from(1...300).dropLast(count).record(in: time, demand: 0)
    for _ in 0..<101 { seen.request(3) }
    #expect(seen.elements == Array((1...300).dropLast(count)))
    #expect(seen.end != nil)
  }

  @Test func `a failure discards what is held`() throws {
    let discards = Discards()
    let seen = source.flow.dropLast().telling(discards).record(in: time)
    source.send(1, 2)
    source.fail()
    try seen.expect(1)
    try seen.expectFailure(MarbleError.self)
    #expect(discards.all(.ended) == ["2"])
  }
}
