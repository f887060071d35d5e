// All elements into one value.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ReduceTests {
  let time = VirtualTime()

  @Test func `combines the elements from the first to the last`() throws {
    #expect(try time.run { try await Flow.from(["a", "b", "c"]).reduce("") { $0 + $1 } } == "abc")
    #expect(try time.run { try await Flow.from(1...3).reduce(into: []) { $0.append($1) } } == [1, 2, 3])
  }

  @Test func `answers what it began with for an empty flow`() throws {
    #expect(try time.run { try await Flow<Int>.empty().reduce(7, +) } == 7)
  }

  @Test func `throws what the closure throws, and lets the flow go`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(1)) { source.send(1) }
    #expect(throws: MarbleError.self) {
      try time.run { try await source.flow.reduce(0) { _, _ in throw MarbleError() } }
    }
    try source.expectReleased()
  }

  @Test func `a cancelled task lets the flow go and throws`() throws {
    let source = TestFlow<Int>()
    let failure = try time.run { [time] in
      let task = Task(executorPreference: time) { try await source.flow.reduce(0, +) }
      try await time.sleep(until: time.now.advanced(by: .milliseconds(2)), tolerance: nil)
      task.cancel()
      return await task.result
    }
    #expect(throws: CancellationError.self) { try failure.get() }
    try source.expectReleased()
  }
}
