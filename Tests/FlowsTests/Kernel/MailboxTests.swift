// The queue between a run and the world.
import FlowTesting
import Testing

@testable import Flows

@Suite struct MailboxTests {
  /// A reader that counts how often it is woken.
  final class Reader: Scope, @unchecked Sendable {
    let wakes = Counter()
    override func wake() { wakes.add() }
    var context: FlowContext { FlowContext(scope: self, environment: .standard) }
  }

  private let reader = Reader()

  private func take(_ count: Int, _ stage: Flow<Int>.Stage) -> (elements: [Int], poll: Poll) {
    Chunk<Int>.scratch(count) { room in
      let poll = stage(&room)
      var elements: [Int] = []
      while let element = room.next() { elements.append(element) }
      return (elements, poll)
    }
  }

  @Test func `wakes its reader once, however much comes before that looks`() {
    let mailbox = Mailbox<Int>(capacity: 10)
    let stage = mailbox.read(in: reader.context)
    _ = mailbox.send(1)
    #expect(reader.wakes.count == 0)
    _ = take(5, stage)
    for number in 1...5 { _ = mailbox.send(number) }
    mailbox.finish()
    #expect(reader.wakes.count == 1)
    #expect(take(9, stage).elements == [1, 2, 3, 4, 5])
  }

  @Test func `wakes a reader that had all it wanted when the end comes`() {
    let mailbox = Mailbox<Int>(capacity: 10)
    let stage = mailbox.read(in: reader.context)
    _ = mailbox.send(1)
    let (elements, poll) = take(1, stage)
    #expect(elements == [1])
    #expect(poll.asksAgain)
    mailbox.finish()
    #expect(reader.wakes.count == 1)
    #expect(take(0, stage).poll.isTerminal)
  }

  @Test func `takes no more of a batch than fits`() {
    let mailbox = Mailbox<Int>(capacity: 3)
    let stage = mailbox.read(in: reader.context)
    let left = Chunk<Int>.scratch(5) { batch in
      for number in 1...5 { batch.append(number) }
      mailbox.send(draining: &batch)
      return batch.count
    }
    #expect(left == 2)
    #expect(take(9, stage).elements == [1, 2, 3])
  }

  @Test func `counts a batch against what was asked for`() {
    let mailbox = Mailbox<Int>(capacity: 10)
    let stage = mailbox.read(in: reader.context)
    _ = take(4, stage)
    #expect(mailbox.outstandingDemand == 4)
    Chunk<Int>.scratch(3) { batch in
      for number in 1...3 { batch.append(number) }
      mailbox.send(draining: &batch)
    }
    #expect(mailbox.outstandingDemand == 1)
  }

  @Test func `forgets a request when there is less room`() {
    let mailbox = Mailbox<Int>(capacity: 10)
    let stage = mailbox.read(in: reader.context)
    _ = take(5, stage)
    _ = mailbox.send(1)
    _ = mailbox.send(2)
    _ = take(1, stage)
    #expect(mailbox.outstandingDemand == 0)
  }

  @Test func `calls nobody for more when it has ended`() {
    let calls = Counter()
    let mailbox = Mailbox<Int>(capacity: 10) { calls.add() }
    let stage = mailbox.read(in: reader.context)
    _ = take(5, stage)
    #expect(calls.count == 1)
    mailbox.finish()
    _ = take(5, stage)
    #expect(calls.count == 1)
  }

  @Test func `calls a sender that may be ahead when three quarters are taken`() {
    let calls = Counter()
    let mailbox = Mailbox<Int>(capacity: 8, asking: Asking(isAhead: true)) { calls.add() }
    let stage = mailbox.read(in: reader.context)
    #expect(mailbox.space() == 0)
    _ = take(0, stage)
    #expect(calls.count == 0)
    _ = take(1, stage)
    #expect(calls.count == 1)
    #expect(mailbox.space() == 8)
    let left = Chunk<Int>.scratch(8) { batch in
      for number in 1...8 { batch.append(number) }
      return mailbox.send(draining: &batch)
    }
    #expect(left == 0)
    _ = take(5, stage)
    #expect(calls.count == 1)
    _ = take(1, stage)
    #expect(calls.count == 2)
    #expect(mailbox.space() == 6)
  }

  @Test func `keeps no run that is over, however long a sender keeps it`() {
    let mailbox = Mailbox<Int>(capacity: 1)
    weak var weakReader: Reader?
    do {
      let reader = Reader()
      weakReader = reader
      _ = mailbox.read(in: reader.context)
      reader.end()
    }
    #expect(weakReader == nil)
    if case .terminated = mailbox.send(1) {} else { Issue.record("it took an element") }
  }
}
