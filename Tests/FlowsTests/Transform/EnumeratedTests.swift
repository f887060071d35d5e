// Each element with its number.
import FlowTesting
import Flows
import Testing

@Suite struct EnumeratedTests {
  @Test func `delivers each element with its number`() throws {
    try marbles(
      """
      source        -a-b-c-|
      enumerated()  -x-y-z-|
      """,
      results: ["x": "0a", "y": "1b", "z": "2c"]
    ) { $0["source"].enumerated().map { "\($0.offset)\($0.element)" } }
  }

  @Test func `every run counts from zero, and goes on where it was`() throws {
    let time = VirtualTime()
    let numbered = Flow.from(["a", "b", "c"]).enumerated().map(\.offset)
    for _ in 0..<2 {
      let seen = numbered.record(in: time, demand: 2)
      try seen.expect(0, 1)
      seen.request(2)
      try seen.expect(2)
      try seen.expectFinished()
    }
  }
}
