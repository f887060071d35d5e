// The element at a place.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ElementAtTests {
  let time = VirtualTime()

  @Test func `asks for no more elements than it needs, and lets the flow go`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(3)) { source.send(7, 8, 9) }
    #expect(try time.run { try await source.flow.element(at: 1) } == 8)
    #expect(source.sent == 2)
    try source.expectReleased()
  }

  @Test func `answers nil when there are not so many`() throws {
    #expect(try time.run { try await Flow.from([1, 2]).element(at: 2) } == nil)
    #expect(try time.run { try await Flow.from([1, 2]).element(at: 0) } == 1)
  }

  @Test func `throws what the flow fails with`() {
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow<Int>.fail(MarbleError()).element(at: 3) }
    }
  }
}
