// When elements came.
import FlowTesting
import Flows
import Testing

@Suite struct TimestampedTests {
  @Test func `delivers each element with its moment`() throws {
    let start = VirtualTime().now
    try marbles(
      """
      source         -a--b-|
      timestamped()  -x--y-|
      """,
      results: ["x": "a1", "y": "b4"]
    ) { flows in
      flows["source"].timestamped().map { stamp in
        "\(stamp.element)\(start.duration(to: stamp.instant) / .milliseconds(1) as Double)".replacing(
          ".0", with: "")
      }
    }
  }

  @Test func `delivers the time between elements`() throws {
    try marbles(
      """
      source             -a--b-|
      measureInterval()  -x--y-|
      """,
      results: ["x": .milliseconds(1), "y": .milliseconds(3)]
    ) { $0["source"].measureInterval() }
  }
}
