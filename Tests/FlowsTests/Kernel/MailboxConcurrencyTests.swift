// The queue between a run and the world, from both sides at once.
import FlowTesting
import Testing

@testable import Flows

@Suite struct MailboxConcurrencyTests {
  private static let each = 500

  @Test func `closed in the middle, every element is somewhere, once`() {
    let crew = Crew(3)
    var random = SplitMix(seed: 41)
    for _ in 0..<200 {
      let mailbox = Mailbox<Int>(capacity: 16)
      let discards = Discards()
      let seen = Journal<Int>()
      let refused = Counter()
      // What the mailbox has handed over is written down before the consumer can have left.
      let flow = Flow<Int> { mailbox.read(in: $0) }.telling(discards).map { element in
        seen.note(element)
        return element
      }
      let subscription = flow.subscribe { _ in }
      let pause = Int64.random(in: 0...40_000, using: &random)
      crew.run { thread in
        if thread == 2 {
          spin(nanoseconds: pause)
          return subscription.cancel()
        }
        for number in 0..<50 {
          switch mailbox.send(thread * 50 + number) {
          case .enqueued: break
          case .dropped, .terminated: refused.add()
          }
        }
      }
      let discarded = discards.all.compactMap { Int($0) }
      #expect(Set(discarded).isDisjoint(with: seen.entries))
      #expect(seen.count + discarded.count + refused.count == 100)
      #expect(mailbox.outstandingDemand == 0)
    }
  }

  @Test func `senders that wait lose nothing, and send no more than is asked for`() async throws {
    let mailbox = Mailbox<Int>(capacity: .max)
    let sent = Counter()
    let taken = Counter()
    let senders = (0..<4).map { sender in
      Task.detached {
        for number in 0..<Self.each {
          try await mailbox.deliver(sender * Self.each + number)
          sent.add()
        }
      }
    }
    var elements: [Int] = []
    for try await element in Flow<Int>({ mailbox.read(in: $0) }).values.prefix(4 * Self.each) {
      elements.append(element)
      taken.add()
    }
    #expect(elements.count == 4 * Self.each)
    for sender in 0..<4 {
      #expect(
        elements.filter { $0 / Self.each == sender } == Array(sender * Self.each..<(sender + 1) * Self.each))
    }
    // The last of each may have been told that nobody reads any more before it heard that its element was taken.
    for sender in senders { _ = await sender.result }
    #expect(sent.count >= 4 * (Self.each - 1) && taken.count == 4 * Self.each)
  }

  @Test func `senders that wait are told when the reader leaves`() async {
    for _ in 0..<200 {
      let mailbox = Mailbox<Int>(capacity: .max)
      let subscription = Flow<Int> { mailbox.read(in: $0) }.subscribe(demand: 1) { _ in }
      let senders = (0..<3).map { sender in
        Task.detached { while true { try await mailbox.deliver(sender) } }
      }
      await Task.yield()
      subscription.cancel()
      for sender in senders {
        await #expect(throws: CancellationError.self) { try await sender.value }
      }
    }
  }

  @Test func `what is posted is seen when the reader is woken`() {
    let crew = Crew(2)
    for _ in 0..<200 {
      let mailbox = Mailbox<Int>(capacity: 1000)
      let callbacks = Callbacks()
      let subscription = Flow<Int> { mailbox.read(in: $0) }.subscribe { _ in callbacks.value() }
      crew.run { _ in
        for number in 0..<50 {
          mailbox.post(number)
          if number % 5 == 4 { mailbox.wakeReader() }
        }
      }
      #expect(callbacks.values.count == 100 && callbacks.breaches.count == 0)
      subscription.cancel()
    }
  }
}
