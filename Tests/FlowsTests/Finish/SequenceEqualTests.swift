// Whether two flows deliver the same.
import FlowTesting
import Flows
import Testing

@Suite struct SequenceEqualTests {
  let time = VirtualTime()

  @Test(arguments: [
    ([], [], true), ([1], [1], true), ([1, 2], [1, 2], true), ([1], [], false), ([], [1], false),
    ([1, 2], [1], false), ([1, 2], [2, 1], false),
  ])
  func `compares elements and lengths`(a: [Int], b: [Int], isEqual: Bool) throws {
    #expect(try time.run { try await Flow.from(a).sequenceEqual(.from(b)) } == isEqual)
    let slow = Flow.from(b).concatMap { Flow.just($0).delay(for: .milliseconds(1)) }
    #expect(try time.run { try await Flow.from(a).sequenceEqual(slow) } == isEqual)
  }

  @Test func `asks for no more than it needs, and lets both go`() throws {
    let made = Counter()
    let numbers = Flow.from(1...9).onValue { _ in made.add() }.append(.never())
    #expect(try !time.run { try await numbers.sequenceEqual(.from([1, 2, 4])) })
    #expect(made.count == 3)
  }

  @Test func `takes the word of a function, also for other types`() throws {
    let texts = Flow.from(["1", "2"])
    #expect(try time.run { try await Flow.from([1, 2]).sequenceEqual(texts) { "\($0)" == $1 } })
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.just(1).sequenceEqual(.just(1)) { _, _ in throw MarbleError() } }
    }
  }

  @Test func `a failure of either before the answer is thrown, though the other is silent`() throws {
    let silent = Flow<Int>.never()
    for flows in [(Flow.fail(MarbleError()), silent), (silent, Flow.fail(MarbleError()))] {
      #expect(throws: MarbleError.self) { try time.run { try await flows.0.sequenceEqual(flows.1) } }
    }
  }
}
