// Another error for the same failure.
import FlowTesting
import Flows
import Testing

private struct Refused: Error {}

@Suite struct MapErrorTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `fails with another error`() throws {
    try marbles(
      """
      source    -a-b-#
      mapError  -a-b-#
      """
    ) { $0["source"].mapError { _ in Refused() } }
    let seen = source.flow.mapError { error in
      #expect(error is MarbleError)
      return Refused()
    }.record(in: time)
    source.send(1)
    source.fail()
    try seen.expect(1)
    try seen.expectFailure(Refused.self)
    try seen.done()
    try source.expectReleased()
  }

  @Test func `an error that is thrown is as good`() throws {
    let seen = source.flow.mapError { _ in throw Refused() }.record(in: time)
    source.fail()
    try seen.expectFailure(Refused.self)
  }

  @Test func `leaves completion alone, and asks for what it is asked for`() throws {
    let seen = source.flow.mapError { _ in Refused() }.record(in: time, demand: 2)
    #expect(source.asked == 2)
    source.send(1)
    source.finish()
    try seen.expect(1)
    try seen.expectFinished()
  }
}
