// Tasks that consume, and are cancelled while elements come from elsewhere.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ConsumerConcurrencyTests {
  enum Consumption: CaseIterable {
    case collect, loop, forEach, forEachAwaiting, first, value, shared, received

    /// Consumes `flow` to its end, or until the task is cancelled.
    func consume(_ flow: Flow<LiveCount.Token>) async throws {
      switch self {
      case .collect: _ = try await flow.collect()
      case .loop: for try await _ in flow.values {}
      case .forEach: try await flow.forEach { _ in }
      case .forEachAwaiting:
        try await flow.forEach { (_: LiveCount.Token) async throws in await Task.yield() }
      case .first: _ = try await flow.first { _ in false }
      case .value: _ = try? await flow.dropFirst(.max).value
      case .shared: try await flow.share(buffer: 2).drain()
      case .received: try await flow.receive(on: .pool, buffer: 4).drain()
      }
    }
  }

  @Test(arguments: Consumption.allCases)
  func `cancelled at any moment a task returns, and lets everything go`(consumption: Consumption) async {
    let held = LiveCount()
    let released = Counter()
    let sender = SystemScheduler(name: "test.sender")
    var random = SplitMix(seed: 61)
    let rounds = 100
    for _ in 0..<rounds {
      let emitter = Box<FlowEmitter<LiveCount.Token>?>(nil)
      let flow = Flow<LiveCount.Token>.create(buffer: 8, whenFull: .dropOldest) { new in
        emitter.value = new
        new.onCancel { [token = held.token()] in withExtendedLifetime(token) { released.add() } }
      }
      let task = Task.detached { try await consumption.consume(flow) }
      while emitter.value == nil { await Task.yield() }
      let count = Int.random(in: 1...60, using: &random)
      sender.execute {
        for number in 0..<2 * count {
          if number == count { task.cancel() }
          emitter.value?.yield(held.token())
        }
      }
      _ = await task.result
      sender.drain()
    }
    // What was received on the pool may still be on its way there.
    while released.count < rounds || held.live > 0 { await Task.yield() }
    #expect(released.count == rounds)
    sender.stop()
  }
}
