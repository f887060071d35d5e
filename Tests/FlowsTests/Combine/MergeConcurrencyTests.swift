// Sources that are at home on threads of their own.
import FlowTesting
import Testing

@testable import Flows

@Suite struct MergeConcurrencyTests {
  private struct Broken: Error {}

  private let places = (0..<3).map { SystemScheduler(name: "test.source \($0)") }

  /// Lets go what the drivers of all places are in the middle of.
  private func drain() {
    for _ in 0..<2 { for place in places { place.drain() } }
  }

  private func stop() { for place in places { place.stop() } }

  @Test func `everything comes, one at a time, each source in order`() {
    let sources = places.enumerated().map { index, place in
      Flow.from(index * 10_000..<index * 10_000 + 5000).subscribe(on: place)
    }
    let seen = Journal<Int>()
    let callbacks = Callbacks()
    let done = ThreadSignal()
    let subscription = Flow.merge(sources).subscribe { element in
      callbacks.value { seen.note(element) }
    } onEnd: { _ in
      callbacks.end()
      done.signal()
    }
    done.wait()
    #expect(callbacks.breaches.count == 0 && callbacks.ends.count == 1)
    for index in 0..<3 {
      #expect(
        seen.entries.filter { $0 / 10_000 == index } == Array(index * 10_000..<index * 10_000 + 5000))
    }
    #expect(subscription.isEnded)
    stop()
  }

  @Test func `cancelled at any moment it lets all of them go`() {
    let held = LiveCount()
    for turn in 0..<100 {
      let progress = Counter()
      let sources = places.map { place in
        Flow.from(0...).map { [token = held.token()] _ in
          progress.add()
          return withExtendedLifetime(token) { held.token() }
        }.subscribe(on: place)
      }
      let callbacks = Callbacks()
      let subscription = Flow.merge(sources).subscribe(demand: 1000) { _ in callbacks.value() }
      while progress.count < turn {}
      subscription.cancel()
      drain()
      #expect(callbacks.breaches.count == 0)
    }
    #expect(held.live == 0)
    stop()
  }

  @Test func `the first failure is the only end, and cancels the others`() {
    let held = LiveCount()
    for turn in 0..<100 {
      let sources = places.enumerated().map { index, place in
        Flow.from(0...).map { [token = held.token()] number in
          if number == turn + index { throw Broken() }
          return withExtendedLifetime(token) { held.token() }
        }.subscribe(on: place)
      }
      let callbacks = Callbacks()
      let done = ThreadSignal()
      let subscription = Flow.merge(sources).subscribe { _ in
        callbacks.value()
      } onEnd: { _ in
        callbacks.end()
        done.signal()
      }
      done.wait()
      drain()
      #expect(callbacks.breaches.count == 0 && callbacks.ends.count == 1)
      #expect(subscription.isEnded)
    }
    #expect(held.live == 0)
    stop()
  }
}
