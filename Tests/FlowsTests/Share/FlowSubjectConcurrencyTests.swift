// A subject with several senders.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FlowSubjectConcurrencyTests {
  private struct Item: Sendable, Equatable {
    let sender: Int
    let number: Int
  }

  @Test func `loses nothing of four senders, and has one order for all`() async throws {
    let subject = FlowSubject<Item>(buffer: 100_000, whenFull: .fail)
    let place = SystemScheduler(name: "test.slow")
    let fast = Journal<Item>()
    let slow = Journal<Item>()
    let subscriptions = [
      subject.flow.subscribe { fast.note($0) },
      subject.flow.receive(on: place, buffer: 16).subscribe { slow.note($0) },
    ]
    async let collected = subject.flow.collect()
    while subject.subscriberCount < 3 { await Task.yield() }
    await withTaskGroup(of: Void.self) { group in
      for sender in 0..<4 {
        group.addTask {
          for number in 0..<2500 {
            let result = subject.send(Item(sender: sender, number: number))
            #expect(result == .sent(subscribers: 3))
          }
        }
      }
    }
    subject.finish()
    let all = try await collected
    place.drain()
    #expect(all.count == 10_000)
    #expect(fast.entries == all)
    #expect(slow.entries == all)
    for sender in 0..<4 {
      #expect(all.filter { $0.sender == sender }.map(\.number) == Array(0..<2500))
    }
    #expect(subscriptions.allSatisfy { $0.isEnded })
    place.stop()
  }

  @Test func `takes subscribers that come and go meanwhile`() async throws {
    let held = LiveCount()
    let subject = FlowSubject<LiveCount.Token>(replay: 2, buffer: 4, whenFull: .dropOldest)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2 {
        group.addTask { for _ in 0..<2000 { subject.send(held.token()) } }
        group.addTask {
          for round in 0..<200 {
            let seen = Counter()
            let subscription = subject.flow.subscribe(demand: FlowDemand(1 + round % 5)) { _ in seen.add() }
            if round % 2 == 0 { subscription.request(2) }
            subscription.cancel()
          }
        }
      }
    }
    #expect(subject.subscriberCount == 0)
    #expect(held.live == 2)
  }
}
