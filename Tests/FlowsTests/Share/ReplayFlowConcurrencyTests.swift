// A memory that several threads write and read.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ReplayFlowConcurrencyTests {
  @Test func `everybody sees an unbroken part of one order`() async throws {
    let held = LiveCount()
    do {
      let subject = ReplayFlow<(Int, LiveCount.Token)>(
        count: 8, age: .seconds(100), buffer: 100_000, whenFull: .fail)
      await withTaskGroup(of: Void.self) { group in
        group.addTask { for number in 0..<5000 { subject.send((number, held.token())) } }
        for _ in 0..<3 {
          group.addTask {
            for _ in 0..<200 {
              let seen = Journal<Int>()
              subject.flow.subscribe { seen.note($0.0) }.cancel()
              let part = seen.entries
              #expect(zip(part, part.dropFirst()).allSatisfy { $0 + 1 == $1 }, "\(part)")
            }
          }
        }
      }
      #expect(held.live == 8)
    }
    try held.expectNone()
  }
}
