// Rails on threads of their own.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ParallelConcurrencyTests {
  @Test(arguments: [1, 16])
  func `loses nothing, and doubles nothing`(capacity: Int) async throws {
    for _ in 0..<20 {
      let rails = Counter()
      let all = try await Flow.from(1...2000).parallel(4, on: .pool, buffer: capacity) { rail in
        rails.add()
        return rail.map { $0 * 2 }
      }.collect()
      #expect(rails.count == 4)
      #expect(all.sorted() == (1...2000).map { $0 * 2 })
    }
  }

  @Test func `keeps the order on each rail`() async throws {
    let number = Counter()
    let all = try await Flow.from(1...5000).parallel(3, on: .pool, buffer: 8) { rail in
      let own = Counter()
      number.add()
      own.add(number.count)
      return rail.map { (own.count, $0) }
    }.collect()
    for rail in 1...3 {
      let part = all.filter { $0.0 == rail }.map(\.1)
      #expect(part == part.sorted())
    }
    #expect(all.count == 5000)
  }

  @Test func `lets everything go when it is cancelled in the middle`() async throws {
    let held = LiveCount()
    let places = (0..<3).map { SystemScheduler(name: "test.rail \($0)") }
    for round in 0..<100 {
      let turn = Counter()
      @Sendable func place() -> SystemScheduler {
        turn.add()
        return places[turn.count % 3]
      }
      let flow = Flow.from(0...).map { [token = held.token()] number in withExtendedLifetime(token) { number }
      }
      .parallel(3, on: place(), buffer: 2) { rail in rail.map { $0 } }
      let part = try await flow.prefix(1 + round % 50).collect()
      #expect(part.count == 1 + round % 50)
    }
    for place in places { place.drain() }
    try held.expectNone()
    for place in places { place.stop() }
  }
}
