// Consumers on the main actor stay there.
import FlowTesting
import Testing

@testable import Flows

@MainActor @Suite struct MainActorTests {
  enum Consumption: CaseIterable {
    case loop, collect, forEach, forEachAwaiting, first, last, reduce, count, value

    /// Consumes `flow`, and calls `body` where the consumer is.
    @MainActor func consume(_ flow: Flow<Int>, _ body: () -> Void) async throws {
      switch self {
      case .loop: for try await _ in flow.values { body() }
      case .collect: _ = try await flow.collect()
      case .forEach: try await flow.forEach { (_: Int) in body() }
      case .forEachAwaiting: try await flow.forEach { (_: Int) async in body() }
      case .first:
        _ = try await flow.first { _ in
          body(); return false
        }
      case .last: _ = try await flow.last()
      case .reduce:
        _ = try await flow.reduce(0) { sum, _ in
          body(); return sum
        }
      case .count: _ = try await flow.count()
      case .value: _ = try await flow.filter { $0 < 0 }.append(.just(1)).value
      }
    }
  }

  /// Passes everything on, and is asked for elements on the main actor only, or traps. (The actor is no thread: the
  /// system may serve it with several, one at a time.)
  private func watched(_ flow: Flow<Int>) -> Flow<Int> {
    Flow { context in
      let upstream = flow.start(in: context)
      return { room in
        if !room.isFull { MainActor.preconditionIsolated("polled elsewhere") }
        return upstream(&room)
      }
    }
  }

  @Test(arguments: Consumption.allCases)
  func `what is there is taken without giving the actor up`(consumption: Consumption) async throws {
    let others = Counter()
    // Runs as soon as the actor is given up.
    let other = Task { @MainActor in others.add() }
    try await consumption.consume(watched(Flow.from(0..<1000))) { #expect(others.count == 0) }
    #expect(others.count == 0)
    await other.value
  }

  @Test(arguments: Consumption.allCases)
  func `what comes from another thread is taken on the actor`(consumption: Consumption) async throws {
    let sender = SystemScheduler(name: "test.sender")
    let flow = Flow<Int>.create(buffer: 1000, whenFull: .fail) { emitter in
      sender.execute {
        for number in 0..<100 {
          emitter.yield(number)
          spin(nanoseconds: 2_000)
        }
        emitter.finish()
      }
    }
    let seen = Counter()
    try await consumption.consume(watched(flow)) {
      MainActor.preconditionIsolated("called elsewhere")
      seen.add()
    }
    #expect([0, 100].contains(seen.count))
    sender.stop()
  }
}
