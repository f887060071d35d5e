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

  @Test func `delivers each element with the time since the one before`() throws {
    try marbles(
      """
      source     -a--b-|
      elapsed()  -x--y-|
      """,
      results: ["x": "a after 1", "y": "b after 3"]
    ) { $0["source"].elapsed().map { "\($0.element) after \(Int($0.elapsed / .milliseconds(1)))" } }
  }

  @Test func `what comes together comes at once, and no more is asked for`() throws {
    let time = VirtualTime()
    let source = TestFlow<Int>()
    let seen = source.flow.elapsed().record(in: time, demand: 3)
    #expect(source.asked == 3)
    time.advance(by: .milliseconds(2))
    source.send(1, 2)
    time.advance(by: .milliseconds(1))
    source.send(3)
    #expect(seen.elements.map(\.element) == [1, 2, 3])
    #expect(seen.elements.map(\.elapsed) == [.milliseconds(2), .zero, .milliseconds(1)])
    seen.cancel()
    try source.expectReleased()
  }
}
