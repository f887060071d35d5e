// The only element.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ValueTests {
  let time = VirtualTime()

  @Test func `answers the only element`() throws {
    #expect(try time.run { try await Flow.just(7).value } == 7)
  }

  @Test func `throws when there is none, or more than one`() {
    #expect(throws: FlowValueError.empty) { try time.run { try await Flow<Int>.empty().value } }
    #expect(throws: FlowValueError.tooMany) { try time.run { try await Flow.from([1, 2]).value } }
  }

  @Test func `throws what the flow fails with`() {
    #expect(throws: MarbleError.self) { try time.run { try await Flow<Int>.fail(MarbleError()).value } }
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.just(1).append(.fail(MarbleError())).value }
    }
  }
}
