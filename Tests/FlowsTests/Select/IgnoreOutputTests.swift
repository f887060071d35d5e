// Only the end.
import FlowTesting
import Flows
import Testing

@Suite struct IgnoreOutputTests {
  @Test func `delivers only the end`() throws {
    try marbles(
      """
      source          -a-b-c-|
      ignoreOutput()  -------|
      """
    ) { $0["source"].ignoreOutput() }
    try marbles(
      """
      source          -a-b-c-#
      ignoreOutput()  -------#
      """
    ) { $0["source"].ignoreOutput(as: Int.self) }
  }

  @Test func `consumes without being asked`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.ignoreOutput().record(in: VirtualTime(), demand: 0)
    source.send(1, 2, 3)
    #expect(source.sent == 3)
    source.finish()
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `takes a million elements and a cancellation in between`() async throws {
    let isOver = try await Flow.from(0..<1_000_000).ignoreOutput(as: Int.self).reduce(true) { _, _ in false }
    #expect(isOver)
    let endless = Flow.from(0...).ignoreOutput(as: Int.self)
    let task = Task { try await endless.reduce(0) { sum, _ in sum } }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
