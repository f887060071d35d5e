// The one that there must be.
import FlowTesting
import Flows
import Testing

@Suite struct SingleTests {
  @Test func `returns the only element`() async throws {
    #expect(try await Flow.just(7).single() == 7)
    #expect(try await Flow.from(1...5).single { $0 == 3 } == 3)
  }

  @Test func `fails when there is none, or more than one`() async {
    await #expect(throws: FlowValueError.empty) { try await Flow<Int>.empty().single() }
    await #expect(throws: FlowValueError.tooMany) { try await Flow.from(1...2).single() }
    await #expect(throws: FlowValueError.tooMany) { try await Flow.from(1...5).single { $0 > 3 } }
    await #expect(throws: FlowValueError.empty) { try await Flow.from(1...5).single { $0 > 5 } }
    await #expect(throws: MarbleError.self) { try await Flow<Int>.fail(MarbleError()).single() }
  }
}
