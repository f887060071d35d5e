// All elements at once.
import FlowTesting
import Testing

@testable import Flows

@Suite struct CollectTests {
  let time = VirtualTime()

  @Test func `answers all elements in order`() throws {
    let elements = try time.run { try await Flow.from(1...300).delay(for: .milliseconds(1)).collect() }
    #expect(elements == Array(1...300))
  }

  @Test func `answers nothing for an empty flow`() throws {
    #expect(try time.run { try await Flow<Int>.empty().collect() }.isEmpty)
  }

  @Test func `collects into what it is given`() throws {
    let all = try time.run {
      var all = ["z"]
      try await Flow.from(["a", "b"]).collect(into: &all)
      return all
    }
    #expect(all == ["z", "a", "b"])
  }

  @Test func `throws what the flow fails with, and lets it go`() throws {
    let count = LiveCount()
    #expect(throws: MarbleError.self) {
      try time.run {
        let noting = Flow.from([1, 2]).map { [token = count.token()] number in
          withExtendedLifetime(token) { number }
        }
        return try await noting.append(.fail(MarbleError())).collect()
      }
    }
    try count.expectNone()
  }

  @Test func `a cancelled task gets no half of the elements`() async {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await Flow.from(1...10).collect()
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }
}
