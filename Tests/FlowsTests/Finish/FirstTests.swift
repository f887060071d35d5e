// The first element, and no more.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FirstTests {
  let time = VirtualTime()

  @Test func `asks for one element, and lets the flow go when it is there`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(3)) { source.send(7) }
    #expect(try time.run { try await source.flow.first() } == 7)
    #expect(source.sent == 1)
    try source.expectReleased()
  }

  @Test func `answers nil for an empty flow`() throws {
    #expect(try time.run { try await Flow<Int>.empty().first() } == nil)
    let even = try time.run { try await Flow.from([1, 3]).first { (number: Int) -> Bool in number == 2 } }
    #expect(even == nil)
  }

  @Test func `has nothing computed behind the element that it looks for`() throws {
    let computed = Counter()
    let flow = Flow.from(1...100).map { number in
      computed.add()
      return number
    }
    #expect(try time.run { try await flow.first { $0 == 4 } } == 4)
    #expect(computed.count == 4)
  }

  @Test func `throws what the flow, or the condition, fails with`() {
    #expect(throws: MarbleError.self) { try time.run { try await Flow<Int>.fail(MarbleError()).first() } }
    #expect(throws: MarbleError.self) {
      try time.run { try await Flow.just(1).first { _ in throw MarbleError() } }
    }
  }
}
