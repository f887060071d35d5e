// A hand-over between real threads.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ReceiveOnConcurrencyTests {
  private let near = SystemScheduler(name: "test.near")
  private let far = SystemScheduler(name: "test.far")

  @Test(arguments: [nil, 1, 7, 256]) func `keeps order and loses nothing`(capacity: Int?) {
    let numbers = Flow.from(0..<20_000).subscribe(on: far)
    let flow = capacity.map { numbers.receive(on: near, buffer: $0) } ?? numbers.receive(on: near)
    let seen = Journal<Int>()
    let done = ThreadSignal()
    let wasThere = Box(false)
    let subscription = flow.subscribe {
      seen.note($0)
    } onEnd: { [near] _ in
      wasThere.value = near.isCurrent
      done.signal()
    }
    done.wait()
    #expect(wasThere.value && subscription.isEnded)
    #expect(seen.entries == Array(0..<20_000))
    near.stop()
    far.stop()
  }

  @Test func `keeps order for a task that awaits`() async throws {
    let flow = Flow.from(0..<20_000).subscribe(on: far).receive(on: near, buffer: 16).map { $0 + 1 }
    #expect(try await flow.reduce(0, +) == 200_010_000)
    var next = 1
    for try await number in flow.prefix(2000).values {
      #expect(number == next)
      next += 1
    }
    #expect(next == 2001)
    near.stop()
    far.stop()
  }

  @Test func `keeps order on executors of the language`() async throws {
    let flow = Flow.from(0..<2000).subscribe(on: .pool).receive(on: .main, buffer: 8).map {
      MainActor.assertIsolated()
      return $0
    }.receive(on: .actor(Referee()), buffer: 8)
    #expect(try await flow.collect() == Array(0..<2000))
    near.stop()
    far.stop()
  }

  private actor Referee {}

  @Test func `lets everything go, whenever it is cancelled`() throws {
    let held = LiveCount()
    let third = SystemScheduler(name: "test.third")
    for turn in 0..<200 {
      let progress = Counter()
      let flow = Flow.from(0...).map { [token = held.token()] number in
        progress.add()
        return withExtendedLifetime(token) { (number, held.token()) }
      }
      .subscribe(on: far).receive(on: near, buffer: 1 + turn % 20)
      let subscription = flow.subscribe { _ in progress.add() }
      third.execute {
        while progress.count < turn {}
        subscription.cancel()
      }
      third.drain()
      #expect(subscription.isEnded)
    }
    // What a driver was in the middle of goes when that returns.
    for _ in 0..<2 { for place in [near, far, third] { place.drain() } }
    try held.expectNone()
    for place in [near, far, third] { place.stop() }
  }
}
