// A channel with several senders on several threads.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FlowChannelConcurrencyTests {
  private struct Item: Sendable, Equatable {
    let sender: Int
    let number: Int
  }

  @Test func `loses nothing of four senders, and keeps the order of each`() async throws {
    let channel = FlowChannel<Item>()
    let place = SystemScheduler(name: "test.consumer")
    async let collected = channel.flow.receive(on: place, buffer: 8).collect()
    try await withThrowingTaskGroup(of: Void.self) { group in
      for sender in 0..<4 {
        group.addTask {
          for number in 0..<2000 { try await channel.send(Item(sender: sender, number: number)) }
        }
      }
      try await group.waitForAll()
    }
    channel.finish()
    let all = try await collected
    #expect(all.count == 8000)
    for sender in 0..<4 {
      #expect(all.filter { $0.sender == sender }.map(\.number) == Array(0..<2000))
    }
    place.stop()
  }

  @Test func `every element is delivered, or its sender is told that it is not`() async throws {
    let held = LiveCount()
    for round in 0..<100 {
      let channel = FlowChannel<(Int, LiveCount.Token)>()
      let sent = Journal<Int>()
      let senders = (0..<8).map { number in
        Task {
          do {
            try await channel.send((number, held.token()))
            sent.note(number)
          } catch {}
        }
      }
      let seen = Journal<Int>()
      let consumer = Task {
        for try await (number, _) in channel.flow.prefix(4 + round % 5).values { seen.note(number) }
      }
      for sender in senders.shuffled().prefix(3) { sender.cancel() }
      for sender in senders.dropLast(round % 2) { await sender.value }
      channel.finish()
      for sender in senders { await sender.value }
      try await consumer.value
      #expect(seen.entries.sorted() == sent.entries.sorted())
    }
    try held.expectNone()
  }
}
