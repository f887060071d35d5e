// A shared run whose subscribers come and go on several threads.
import FlowTesting
import Foundation
import Testing

@testable import Flows

@Suite struct ShareConcurrencyTests {
  @Test func `gives everybody an unbroken part of the whole, and lets it go`() async throws {
    let held = LiveCount()
    let starts = Counter()
    let place = SystemScheduler(name: "test.source")
    do {
      let shared = Flow<Int>.deferred {
        starts.add()
        return Flow.from(0...).map { [token = held.token()] number in withExtendedLifetime(token) { number } }
      }.subscribe(on: place).share(buffer: 4)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for subscriber in 0..<4 {
          group.addTask {
            for round in 0..<50 {
              let count = 1 + (subscriber * 7 + round * 13) % 40
              let part = try await shared.prefix(count).collect()
              #expect(part.count == count)
              #expect(zip(part, part.dropFirst()).allSatisfy { $0 + 1 == $1 }, "\(part)")
            }
          }
        }
        try await group.waitForAll()
      }
    }
    place.drain()
    #expect(starts.count > 0)
    try held.expectNone()
    place.stop()
  }

  @Test func `loses nothing for subscribers that stay, each on a thread of its own`() {
    let emitter = Box<FlowEmitter<Int>?>(nil)
    let shared = Flow<Int>.create(buffer: 5000, whenFull: .fail) { emitter.value = $0 }.share(buffer: 16)
    let places = (0..<3).map { SystemScheduler(name: "test.subscriber \($0)") }
    let done = places.map { _ in ThreadSignal() }
    let seen = places.map { _ in Journal<Int>() }
    let subscriptions = zip(places, zip(seen, done)).map { place, ends in
      shared.receive(on: place, buffer: 8).subscribe {
        ends.0.note($0)
      } onEnd: { _ in
        ends.1.signal()
      }
    }
    // Who waits for its place to begin would miss what was sent before.
    for place in places { place.drain() }
    for number in 0..<5000 { emitter.value?.yield(number) }
    emitter.value?.finish()
    for signal in done { signal.wait() }
    for journal in seen { #expect(journal.entries == Array(0..<5000)) }
    #expect(subscriptions.allSatisfy { $0.isEnded })
    for place in places { place.stop() }
  }

  @Test func `the last to leave ends the run, once, whoever comes meanwhile`() throws {
    let crew = Crew(3)
    let held = LiveCount()
    for _ in 0..<300 {
      let started = Counter()
      let ended = Counter()
      let source = Flow<Int> { context in
        started.add()
        context.onEnd { ended.add() }
        return { [token = held.token()] room in
          withExtendedLifetime(token) { while !room.isFull { room.append(1) } }
          return .more
        }
      }
      let shared = source.share(buffer: 2)
      crew.run { _ in
        let seen = Counter()
        let subscription = shared.subscribe(demand: 3) { _ in seen.add() }
        subscription.cancel()
        #expect(seen.count <= 3)
      }
      #expect(started.count == ended.count)
      #expect(held.live == 0)
    }
  }

  @Test func `by a policy that drops, upstream does not wait for a subscriber that is busy`() {
    let emitter = Box<FlowEmitter<Int>?>(nil)
    let shared = Flow<Int>.create(buffer: 300, whenFull: .fail) { emitter.value = $0 }
      .share(buffer: 1, whenFull: .dropOldest)
    let seen = Journal<Int>()
    let end = Box<(any Error)?>(nil)
    let (isBusy, goesOn, isDone) = (ThreadSignal(), ThreadSignal(), ThreadSignal())
    Thread {
      do {
        try shared.blockingForEach { number in
          seen.note(number)
          if number > 0 { return }
          isBusy.signal()
          goesOn.wait()
        }
      } catch {
        end.value = error
      }
      isDone.signal()
    }.start()
    while emitter.value == nil {}
    emitter.value?.yield(0)
    isBusy.wait()
    for number in 1..<1000 { emitter.value?.yield(number) }
    emitter.value?.finish()
    goesOn.signal()
    isDone.wait()
    #expect(end.value == nil)
    // What it had asked for, and the newest.
    #expect(seen.entries.last == 999)
    #expect(seen.count < 300 && seen.entries == seen.entries.sorted())
  }
}
