// Where a failure came by.
import FlowTesting
import Testing

@testable import Flows

@Suite struct CheckpointTests {
  @Test func `changes nothing that passes but a failure`() throws {
    try marbles(
      """
      source      -a-b-#
      checkpoint  -a-b-#
      """
    ) { $0["source"].checkpoint("here") }
  }

  @Test func `tells a failure where it passed, in that order`() throws {
    let seen = Flow<Int>.fail(MarbleError()).checkpoint("decoding", file: "App/Chat.swift", line: 12)
      .map { $0 + 1 }
      .checkpoint("answer", file: "App/Screen.swift", line: 40)
      .record(in: VirtualTime())
    let failure = try seen.expectFailure(CheckpointedError.self)
    #expect(failure.error is MarbleError)
    #expect(failure.checkpoints.map(\.name) == ["decoding", "answer"])
    #expect(
      failure.description == """
        \(MarbleError())
          passed decoding (Chat.swift:12)
          passed answer (Screen.swift:40)
        """)
  }

  @Test func `knows where it stands`() throws {
    let seen = Flow<Int>.fail(MarbleError()).checkpoint("here").record(in: VirtualTime())
    let line = #line - 1
    let checkpoint = try seen.expectFailure(CheckpointedError.self).checkpoints[0]
    #expect(checkpoint == FlowCheckpoint(name: "here", file: #fileID, line: UInt(line)))
    #expect(checkpoint.description == "here (CheckpointTests.swift:\(line))")
  }

  @Test func `knows nothing of a failure further down`() throws {
    let seen = Flow.just(1).checkpoint("source").map { _ in throw MarbleError() }.record(in: VirtualTime())
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `tells the flows of a merge apart`() throws {
    let one = TestFlow<Int>()
    let two = TestFlow<Int>()
    let seen = one.flow.checkpoint("one").merge(with: two.flow.checkpoint("two")).checkpoint("both")
      .record(in: VirtualTime())
    two.fail()
    #expect(try seen.expectFailure(CheckpointedError.self).checkpoints.map(\.name) == ["two", "both"])
    try one.expectReleased()
  }
}
