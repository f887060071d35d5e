// The last element.
import FlowTesting
import Testing

@testable import Flows

@Suite struct LastTests {
  let time = VirtualTime()

  @Test func `answers the last element`() throws {
    #expect(try time.run { try await Flow.from(1...300).last() } == 300)
  }

  @Test func `answers nil for an empty flow`() throws {
    #expect(try time.run { try await Flow<Int>.empty().last() } == nil)
  }

  @Test func `throws what the flow fails with, however much came before`() {
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.from([1, 2]).append(.fail(MarbleError())).last() }
    }
  }
}
