// A loop that waits for its consumer.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ProduceTests {
  let time = VirtualTime()
  let journal = Journal<String>()

  /// Notes when each `send` returns.
  private func counting(to end: Int) -> Flow<Int> {
    .produce { [journal] writer in
      journal.note("started")
      for number in 1...end {
        do {
          try await writer.send(number)
          journal.note("sent \(number)")
        } catch {
          journal.note("\(type(of: error)) at \(number)")
          throw error
        }
      }
      journal.note("returned")
    }
  }

  @Test func `delivers what is sent, and completes with the return`() throws {
    try marbles(
      """
      sends    -a-b-c-|
      produce  -a-b-c-|
      """
    ) { sources in
      let sends = sources["sends"]
      return .produce { writer in for try await element in sends.values { try await writer.send(element) } }
    }
  }

  @Test func `an error fails the flow after what was sent`() throws {
    try marbles(
      """
      sends    -a-b-#
      produce  -a-b-#
      """
    ) { sources in
      let sends = sources["sends"]
      return .produce { writer in for try await element in sends.values { try await writer.send(element) } }
    }
  }

  @Test func `starts with the first request, and send returns when more is asked for`() throws {
    let seen = counting(to: 9).record(in: time, demand: 0)
    time.run()
    #expect(journal.entries == [])
    seen.request(1)
    time.run()
    try seen.expect(1)
    #expect(journal.entries == ["started"])
    seen.request(2)
    time.run()
    try seen.expect(2, 3)
    #expect(journal.entries == ["started", "sent 1", "sent 2"])
    try seen.done()
  }

  @Test func `send throws when nobody consumes any more`() throws {
    let seen = counting(to: 9).record(in: time, demand: 1)
    time.run()
    seen.cancel()
    time.run()
    try seen.expect(1)
    try seen.done()
    #expect(journal.entries == ["started", "CancellationError at 1"])
  }

  @Test func `a producer that hears nothing hears it at every send`() throws {
    let seen = Flow<Int>.produce { [journal] writer in
      for number in 1...3 {
        do { try await writer.send(number) } catch { journal.note("\(type(of: error)) at \(number)") }
      }
    }.record(in: time, demand: 1)
    time.run()
    seen.cancel()
    time.run()
    #expect(journal.entries == (1...3).map { "CancellationError at \($0)" })
  }

  @Test func `several tasks may send, and each waits until it is asked`() throws {
    let seen = Flow<Int>.produce { [journal] writer in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...4 {
          group.addTask {
            try await writer.send(number)
            journal.note("sent")
          }
        }
        try await group.waitForAll()
      }
    }.record(in: time, demand: 1)
    time.run()
    #expect(seen.elements.count == 1)
    #expect(journal.count == 0)
    seen.request(2)
    time.run()
    #expect(seen.elements.count == 3)
    seen.request(9)
    time.run()
    #expect(seen.elements.sorted() == [1, 2, 3, 4])
    #expect(journal.count == 4)
    #expect(seen.violations == [])
    guard case .finished? = seen.end else { throw MarbleError() }
  }

  @Test func `a task that is cancelled while it sends waits no longer`() throws {
    let seen = Flow<Int>.produce { [journal, time] writer in
      try await writer.send(1)
      let child = Task(executorPreference: time) {
        do { try await writer.send(2) } catch { journal.note("\(type(of: error))") }
      }
      try await time.sleep(for: .milliseconds(1))
      child.cancel()
      await child.value
      journal.note("goes on")
    }.record(in: time, demand: 2)
    time.run()
    try seen.expect(1, 2)
    try seen.expectFinished()
    #expect(journal.entries == ["CancellationError", "goes on"])
  }

  @Test func `who sends after the return is told`() throws {
    let writers = Journal<FlowWriter<Int>>()
    let seen = Flow<Int>.produce { writers.note($0) }.record(in: time)
    time.run()
    try seen.expectFinished()
    #expect(throws: CancellationError.self) {
      _ = try time.run { try await writers.entries[0].send(1) }
    }
  }

  @Test func `a writer that is kept keeps nothing else`() throws {
    let live = LiveCount()
    let writers = Journal<FlowWriter<Int>>()
    do {
      let seen = Flow<Int>.produce { [token = live.token()] writer in
        writers.note(writer)
        withExtendedLifetime(token) {}
      }.record(in: time)
      time.run()
      try seen.expectFinished()
    }
    try live.expectNone()
  }

  @Test func `a hundred thousand elements pass`() async throws {
    let flow = Flow<Int>.produce { writer in for number in 1...100_000 { try await writer.send(number) } }
    #expect(try await flow.reduce(0, +) == 5_000_050_000)
  }
}
