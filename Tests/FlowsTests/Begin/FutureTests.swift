// One element that takes its time.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FutureTests {
  let time = VirtualTime()
  let calls = Counter()

  @Test func `delivers what the operation returns, and completes`() throws {
    try marbles(
      """
      operation  ---a|
      future     ---(a|)
      """
    ) { sources in
      let operation = sources["operation"]
      return .future { try await operation.first() ?? "" }
    }
  }

  @Test func `starts with the first request, not with the run`() throws {
    let seen = Flow.future { [calls] in calls.add() }.record(in: time, demand: 0)
    time.run()
    #expect(calls.count == 0)
    seen.request(1)
    time.run()
    #expect(calls.count == 1)
    try seen.expectFinished(after: 1)
  }

  @Test func `calls the operation once per run`() throws {
    let flow = Flow.future { [calls] in calls.add() }
    for run in 1...2 {
      let seen = flow.record(in: time)
      time.run()
      #expect(calls.count == run)
      try seen.expectFinished(after: 1)
    }
  }

  @Test func `an error of the operation fails the flow`() throws {
    let seen = Flow<Int>.future { throw MarbleError() }.record(in: time)
    time.run()
    try seen.expectFailure(MarbleError.self)
    try seen.done()
  }

  @Test func `cancelling cancels the task`() throws {
    let journal = Journal<String>()
    let seen = Flow<Int>.future { [time] in
      do { try await time.sleep(for: .seconds(1)) } catch { journal.note("\(type(of: error))") }
      return 1
    }.record(in: time)
    time.advance(by: .milliseconds(10))
    seen.cancel()
    time.run()
    #expect(journal.entries == ["CancellationError"])
    #expect(time.now == FlowInstant(nanoseconds: 10_000_000))
    try seen.done()
  }

  @Test func `what is returned after the end is discarded by name`() throws {
    let discards = Discards()
    let seen = Flow.future { [time] in
      try? await time.sleep(for: .seconds(1))
      return 7
    }.telling(discards).record(in: time)
    time.advance(by: .milliseconds(10))
    seen.cancel()
    time.run()
    #expect(discards.all(.ended) == ["7"])
  }

  @Test func `holds nothing after its end`() throws {
    let live = LiveCount()
    do {
      let seen = Flow.future { [token = live.token()] in
        _ = token
        return 1
      }.record(in: time)
      time.run()
      try seen.expect(1)
    }
    try live.expectNone()
  }
}

extension Recording {
  /// The next events were `count` elements and the completion.
  func expectFinished(after count: Int) throws {
    #expect(elements.count == count)
    #expect(events.count == count + 1)
    guard case .finished? = end else { throw MarbleError() }
  }
}
