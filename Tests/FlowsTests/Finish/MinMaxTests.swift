// The least and the greatest element.
import FlowTesting
import Flows
import Testing

@Suite struct MinMaxTests {
  let time = VirtualTime()

  @Test func `answers the least and the greatest element`() throws {
    let numbers = Flow.from([3, 1, 4, 1, 5, 9, 2, 6])
    #expect(try time.run { try await numbers.min() } == 1)
    #expect(try time.run { try await numbers.max() } == 9)
  }

  @Test func `of equal ones the first is least and the last greatest, as in a sequence`() throws {
    let words = ["bb", "a", "c", "dd"]
    let flow = Flow.from(words)
    #expect(try time.run { try await flow.min { $0.count < $1.count } } == words.min { $0.count < $1.count })
    #expect(try time.run { try await flow.max { $0.count < $1.count } } == "dd")
  }

  @Test func `of nothing there is none`() throws {
    #expect(try time.run { try await Flow<Int>.empty().min() } == nil)
    #expect(try time.run { try await Flow<Int>.empty().max() } == nil)
  }

  @Test func `a failure is thrown`() throws {
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.just(1).append(.fail(MarbleError())).max() }
    }
  }
}
