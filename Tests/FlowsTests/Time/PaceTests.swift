// No faster than so much.
import FlowTesting
import Flows
import Testing

@Suite struct PaceTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers elements no closer together`() throws {
    try marbles(
      """
      source    -abc-----d-|
      pace(3)   -a--b--c--d|
      """
    ) { $0["source"].pace(every: .milliseconds(3)) }
  }

  @Test func `asks for one at a time, when it may pass`() throws {
    try marbles(
      """
      source        abc--|
      pace(2)       a-b-c|
      demand        9-----
      asked source  1-1-1-
      """
    ) { $0["source"].pace(every: .milliseconds(2)) }
  }

  @Test func `asks for nothing without demand, and catches nothing up`() throws {
    let seen = source.flow.pace(every: .milliseconds(2)).record(in: time, demand: 1)
    source.send(1, 2, 3)
    time.advance(by: .milliseconds(9))
    #expect(source.sent == 1)
    seen.request(2)
    #expect(source.sent == 2)
    time.advance(by: .milliseconds(2))
    try seen.expect(1, at: .zero)
    try seen.expect(2, at: .milliseconds(9))
    try seen.expect(3, at: .milliseconds(11))
    seen.cancel()
    try source.expectReleased()
    #expect(time.pendingTimers == 0)
  }

  @Test func `an end does not wait for its turn`() throws {
    for isFailure in [false, true] {
      let seen = source.flow.pace(every: .milliseconds(2)).record(in: time)
      source.send(1)
      if isFailure { source.fail() } else { source.finish() }
      try seen.expect(1)
      if isFailure { try seen.expectFailure(MarbleError.self) } else { try seen.expectFinished() }
      try source.expectReleased()
      #expect(time.pendingTimers == 0)
    }
  }
}
