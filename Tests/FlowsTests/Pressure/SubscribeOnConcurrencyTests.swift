// A producer at home on a thread of its own.
import FlowTesting
import Testing

@testable import Flows

@Suite struct SubscribeOnConcurrencyTests {
  private let home = SystemScheduler(name: "test.home")

  @Test func `works at home only, whoever asks`() {
    let crew = Crew(3)
    let abroad = Counter()
    let callbacks = Callbacks()
    let flow = Flow.generate(0) { [home] number in
      if !home.isCurrent { abroad.add() }
      number += 1
      return number
    }
    let subscription = flow.subscribe(on: home).subscribe(demand: 0) { _ in callbacks.value() }
    crew.run { _ in for _ in 0..<1000 { subscription.request(1) } }
    home.drain()
    #expect(abroad.count == 0)
    #expect(callbacks.values.count == 3000 && callbacks.breaches.count == 0)
    subscription.cancel()
    home.stop()
  }

  @Test func `keeps order for a task and for a loop`() async throws {
    let flow = Flow.from(0..<5000).subscribe(on: home)
    #expect(try await flow.collect() == Array(0..<5000))
    var next = 0
    for try await number in flow.prefix(500).values {
      #expect(number == next)
      next += 1
    }
    #expect(next == 500)
    home.stop()
  }

  @Test func `cancelled before, while or after it starts, it lets everything go`() {
    let held = LiveCount()
    var random = SplitMix(seed: 51)
    for _ in 0..<400 {
      let callbacks = Callbacks()
      let flow = Flow<LiveCount.Token> { [token = held.token()] context in
        context.onEnd { [token = held.token()] in withExtendedLifetime(token) {} }
        return { room in
          withExtendedLifetime(token) { while !room.isFull { room.append(held.token()) } }
          return .more
        }
      }
      let subscription = flow.subscribe(on: home).subscribe(demand: 100) { _ in
        callbacks.value()
      } onEnd: { _ in
        callbacks.end()
      }
      spin(nanoseconds: Int64.random(in: 0...20_000, using: &random))
      subscription.cancel()
      #expect(callbacks.ends.count == 0 && callbacks.breaches.count == 0)
    }
    home.drain()
    #expect(held.live == 0)
    home.stop()
  }
}
