// A copy that is consumed on another thread.
import FlowTesting
import Testing

@testable import Flows

@Suite struct TeeConcurrencyTests {
  @Test func `both get everything`() async throws {
    for _ in 0..<20 {
      let copies = Journal<Int>()
      let all = try await Flow.from(0..<2000).tee(buffer: 16, whenFull: .backpressure) { copy in
        try await copy.forEach { copies.note($0) }
      }.collect()
      #expect(all == Array(0..<2000))
      #expect(copies.entries == all)
    }
  }

  @Test func `lets everything go when it is cancelled in the middle`() async throws {
    let held = LiveCount()
    for round in 0..<100 {
      let flow = Flow.from(0...).map { [token = held.token()] number in withExtendedLifetime(token) { number }
      }
      .tee(buffer: 2, whenFull: round % 2 == 0 ? .backpressure : .dropOldest) { copy in try await copy.drain()
      }
      #expect(try await flow.prefix(1 + round).collect().count == 1 + round)
    }
    while held.live > 0 { await Task.yield() }
    try held.expectNone()
  }
}
