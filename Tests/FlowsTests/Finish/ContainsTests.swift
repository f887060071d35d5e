// Questions that one element may answer.
import FlowTesting
import Flows
import Testing

@Suite struct ContainsTests {
  let time = VirtualTime()

  /// The answer, and how many elements were asked for.
  private func ask<R: Sendable>(_ question: @escaping @Sendable (Flow<Int>) async throws -> R) throws -> (
    R, Int
  ) {
    let made = Counter()
    let numbers = Flow.from(1...9).onValue { _ in made.add() }
    let answer = try time.run { try await question(numbers) }
    return (answer, made.count)
  }

  @Test func `contains asks for no more than it needs`() throws {
    #expect(try ask { try await $0.contains(3) } == (true, 3))
    #expect(try ask { try await $0.contains { $0 > 4 } } == (true, 5))
    #expect(try ask { try await $0.contains(0) } == (false, 9))
  }

  @Test func `allSatisfy asks for no more than it needs`() throws {
    #expect(try ask { try await $0.allSatisfy { $0 < 3 } } == (false, 3))
    #expect(try ask { try await $0.allSatisfy { $0 > 0 } } == (true, 9))
  }

  @Test func `isEmpty asks for one`() throws {
    #expect(try ask { try await $0.isEmpty() } == (false, 1))
    #expect(try ask { try await $0.prefix(0).isEmpty() } == (true, 0))
  }

  @Test func `a failure before the answer is thrown`() throws {
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.just(1).append(.fail(MarbleError())).contains(2) }
    }
    #expect(try time.run { try await Flow.just(1).append(.fail(MarbleError())).contains(1) })
  }
}
