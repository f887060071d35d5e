// From several tasks to one consumer, at its pace.
import FlowTesting
import Flows
import Testing

@Suite struct FlowChannelTests {
  private let time = VirtualTime()
  private let channel = FlowChannel<Int>()
  private let journal = Journal<String>()

  /// Sends in a task of its own, and writes down how that went.
  private func send(_ number: Int) -> Task<Void, Never> {
    Task(executorPreference: time.taskExecutor) { [channel, journal] in
      do {
        try await channel.send(number)
        journal.note("\(number) sent")
      } catch {
        journal.note("\(number): \(error is CancellationError ? "cancelled" : "\(error)")")
      }
    }
  }

  @Test func `delivers what is sent`() throws {
    try marbles(
      """
      sent  -a-b-c-|
      flow  -a-b-c-|
      """
    ) { sources in
      let channel = FlowChannel<String>()
      return channel.flow.merge(
        with: sources["sent"].concatMap { element in
          Flow<String>.future {
            try await channel.send(element)
            return ""
          }.ignoreOutput(as: String.self)
        }.handleEvents(receiveCompletion: { _ in channel.finish() }))
    }
  }

  @Test func `a sender waits until its element is asked for`() throws {
    let seen = channel.flow.record(in: time, demand: 0)
    _ = send(1)
    time.run()
    #expect(journal.entries == [])
    seen.request(2)
    try seen.expect(1)
    _ = send(2)
    time.run()
    try seen.expect(2)
    #expect(journal.entries == ["1 sent", "2 sent"])
  }

  @Test func `senders wait for a consumer, and are served in the order in which they came`() throws {
    for number in 1...3 { _ = send(number) }
    time.run()
    #expect(journal.entries == [])
    let seen = channel.flow.record(in: time, demand: 1)
    time.run()
    #expect(journal.entries == ["1 sent"])
    seen.request(5)
    time.run()
    try seen.expect(1, 2, 3)
    #expect(journal.entries == ["1 sent", "2 sent", "3 sent"])
  }

  @Test func `a sender that is cancelled leaves the others where they are`() throws {
    let seen = channel.flow.record(in: time, demand: 0)
    let senders = (1...3).map(send)
    time.run()
    senders[1].cancel()
    time.run()
    #expect(journal.entries == ["2: cancelled"])
    seen.request(2)
    time.run()
    try seen.expect(1, 3)
    #expect(journal.entries == ["2: cancelled", "1 sent", "3 sent"])
  }

  @Test func `a sender that is cancelled before it comes sends nothing`() throws {
    let seen = channel.flow.record(in: time)
    let sender = send(1)
    sender.cancel()
    time.run()
    #expect(journal.entries == ["1: cancelled"])
    try seen.expectNothing()
  }

  @Test func `the end comes after those who wait, and sends away who comes later`() throws {
    _ = send(1)
    time.run()
    channel.finish()
    channel.fail(MarbleError())
    _ = send(2)
    time.run()
    #expect(journal.entries == ["2: \(FlowChannelError.ended)"])
    let seen = channel.flow.record(in: time)
    time.run()
    try seen.expect(1)
    try seen.expectFinished()
    #expect(journal.entries.last == "1 sent")
  }

  @Test func `fails`() throws {
    let seen = channel.flow.record(in: time)
    channel.fail(MarbleError())
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `a consumer that leaves sends everybody away`() throws {
    let seen = channel.flow.record(in: time, demand: 0)
    _ = send(1)
    _ = send(2)
    time.run()
    seen.cancel()
    _ = send(3)
    time.run()
    #expect(journal.entries.sorted() == (1...3).map { "\($0): \(FlowChannelError.consumerIsGone)" })
  }

  @Test func `has one consumer`() throws {
    let first = channel.flow.record(in: time)
    try channel.flow.record(in: time).expectFailure(FlowRunTwice.self)
    first.cancel()
    try channel.flow.record(in: time).expectFailure(FlowRunTwice.self)
  }

  @Test func `completes when it is let go`() throws {
    var channel: FlowChannel<Int>? = FlowChannel()
    let seen = channel?.flow.record(in: time)
    channel = nil
    try seen?.expectFinished()
  }

  @Test func `keeps nothing of senders that have left`() throws {
    let held = LiveCount()
    let channel = FlowChannel<LiveCount.Token>()
    for _ in 0..<100 {
      let sender = Task(executorPreference: time.taskExecutor) { try await channel.send(held.token()) }
      time.run()
      sender.cancel()
      time.run()
    }
    try held.expectNone()
    try channel.flow.record(in: time).expectNothing()
  }
}
