// How many elements there are, and none of them.
import FlowTesting
import Testing

@testable import Flows

@Suite struct CountTests {
  let time = VirtualTime()

  @Test func `answers how many elements there are`() throws {
    #expect(try time.run { try await Flow.from(1...1000).filter { $0 % 3 == 0 }.count() } == 333)
    #expect(try time.run { try await Flow<Int>.empty().count() } == 0)
  }

  @Test func `draining runs a flow to its end for what it does`() throws {
    let calls = Counter()
    try time.run { try await Flow.from(1...5).map { _ in calls.add() }.drain() }
    #expect(calls.count == 5)
  }

  @Test func `throws what the flow fails with`() {
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.from([1]).append(.fail(MarbleError())).count() }
    }
    #expect(throws: MarbleError.self) { try time.run { try await Flow<Int>.fail(MarbleError()).drain() } }
  }
}
