// What came out, and the words for what should have.
import Flows
import Testing

@testable import FlowTesting

@Suite struct RecordingTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `writes down what came and when`() {
    let seen = source.flow.record(in: time)
    time.at(.milliseconds(2)) { [source] in source.send(1) }
    time.at(.milliseconds(5)) { [source] in source.finish() }
    time.run()
    #expect(seen.elements == [1])
    #expect(seen.events.map(\.description) == ["1 at 0.002 seconds", "completion at 0.005 seconds"])
    guard case .finished = seen.end else {
      Issue.record("not finished")
      return
    }
  }

  @Test func `reads in order`() throws {
    let seen = source.flow.record(in: time)
    source.send(1, 2)
    try seen.expect(1)
    try seen.expect(2, at: .zero)
    try seen.expectNothing()
    source.fail()
    try seen.expectFailure(MarbleError.self)
    try seen.done()
  }

  @Test func `asks for more`() {
    let seen = source.flow.record(in: time, demand: 0)
    source.send(1, 2, 3)
    #expect(seen.elements.isEmpty)
    seen.request(2)
    #expect(seen.elements == [1, 2])
    #expect(seen.outstanding == 0)
  }

  @Test func `cancels when it is let go`() {
    _ = source.flow.record(in: time)
    #expect(source.subscriptions == 1)
    #expect(source.isReleased)
  }

  /// What a test is told.
  func message(_ body: (Recording<Int>) throws -> Void) throws -> String {
    let seen = source.flow.record(in: time)
    source.send(1, 2)
    return try #require(throws: Unmet.self) { try body(seen) }.description
  }

  @Test func `says what it expected and what came`() throws {
    let history = "\nall that came: 1 at 0.0 seconds, 2 at 0.0 seconds"
    #expect(
      try message { try $0.expect(1, 3) } == "expected 3, but 2 at 0.0 seconds came" + history)
    #expect(
      try message { try $0.expect(1, 2, 3) } == "expected 3, but nothing came" + history)
    #expect(
      try message { try $0.expectNothing() } == "expected nothing, but 1 at 0.0 seconds came" + history)
    #expect(
      try message { try $0.expectFinished() } == "expected completion, but 1 at 0.0 seconds came" + history)
    #expect(
      try message { try $0.expectFailure(MarbleError.self) }
        == "expected failure with MarbleError, but 1 at 0.0 seconds came" + history)
    #expect(
      try message { try $0.expect(1, at: .seconds(1)) }
        == "expected at 1.0 seconds: 1 at 0.0 seconds" + history)
    #expect(
      try message {
        try $0.expect(1); try $0.done()
      } == "not expected: 2 at 0.0 seconds" + history)
  }

  // No flow can break these: the kernel sees to it. So the recording is told directly.

  @Test func `complains about what was not asked for`() throws {
    let seen = source.flow.record(in: time, demand: 1)
    try seen.note(.element(1))
    try seen.note(.element(2))
    #expect(seen.violations == ["2 at 0.0 seconds was not asked for (rule 1.1)"])
    #expect(throws: Unmet.self) { try seen.done() }
  }

  @Test func `complains about what comes after the end`() throws {
    let seen = source.flow.record(in: time)
    try seen.note(.end(.finished))
    try seen.note(.end(.finished))
    #expect(seen.violations == ["completion at 0.0 seconds came after the end (rule 1.7)"])
  }

  @Test func `complains about signals that overlap`() throws {
    let seen = Recording(source.flow, time, .unlimited) { recording in
      if recording.elements.count == 1 { try recording.note(.element(2)) }
    }
    try seen.note(.element(1))
    #expect(seen.violations == ["2 at 0.0 seconds overlaps the signal before it (rule 1.3)"])
  }

  @Test func `counts what is alive`() {
    let count = LiveCount()
    let seen = source.flow.map { [token = count.token()] number in
      _ = token
      return number
    }.record(in: time)
    #expect(count.live == 1)
    #expect(throws: Unmet.self) { try count.expectNone() }
    seen.cancel()
    #expect(count.live == 0)
  }
}
