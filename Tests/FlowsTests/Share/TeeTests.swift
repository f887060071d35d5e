// The same elements for somebody else, too.
import FlowTesting
import Flows
import Testing

@Suite struct TeeTests {
  private let time = VirtualTime()
  private let source = TestFlow<Int>()
  private let journal = Journal<Int>()

  @Test func `delivers the same, here and there`() throws {
    let copies = Journal<String>()
    try marbles(
      """
      source  -a-b-c-|
      tee     -a-b-c-|
      """
    ) { sources in
      sources["source"].tee(buffer: 4, whenFull: .backpressure) { copy in
        try await copy.forEach { copies.note($0) }
        copies.note("|")
      }
    }
    #expect(copies.entries == ["a", "b", "c", "|"])
  }

  /// A side that takes an element whenever `steps` says so.
  private func taking(_ steps: TestFlow<Int>, _ policy: SharePolicy) -> Flow<Int> {
    source.flow.tee(buffer: 2, whenFull: policy) { [journal] copy in
      for try await (element, _) in copy.zip(steps.flow).values { journal.note(element) }
    }
  }

  @Test func `waits for the other one`() throws {
    let steps = TestFlow<Int>("steps")
    let seen = taking(steps, .backpressure).record(in: time)
    time.run()
    source.send(1, 2, 3, 4, 5, 6)
    time.run()
    let ahead = seen.elements.count
    #expect((2...3).contains(ahead))
    steps.send(0, 0, 0)
    time.run()
    #expect(journal.entries == [1, 2, 3])
    #expect(seen.elements.count > ahead)
    seen.cancel()
    time.run()
    try source.expectReleased()
    try steps.expectReleased()
  }

  @Test func `asks for no more than is asked for here`() throws {
    let seen = source.flow.tee(buffer: 8, whenFull: .backpressure) { [journal] copy in
      try await copy.forEach { journal.note($0) }
    }.record(in: time, demand: 0)
    time.run()
    #expect(source.askedInTotal == 0)
    seen.request(2)
    time.run()
    source.send(1, 2, 3)
    time.run()
    try seen.expect(1, 2)
    #expect(journal.entries == [1, 2])
    #expect(source.sent == 2)
  }

  @Test(arguments: [SharePolicy.dropOldest, .dropNewest, .fail])
  func `lets the other one lose elements`(policy: SharePolicy) throws {
    let discards = Discards()
    let gate = TestFlow<Int>("gate")
    let failures = Journal<String>()
    let seen = source.flow.tee(buffer: 2, whenFull: policy) { [journal] copy in
      _ = try await gate.flow.first()
      do { try await copy.forEach { journal.note($0) } } catch { failures.note("\(error)") }
    }.telling(discards).record(in: time)
    time.run()
    source.send(1, 2, 3, 4, 5)
    try seen.expect(1, 2, 3, 4, 5)
    gate.send(0)
    source.finish()
    time.run()
    try seen.expectFinished()
    #expect(journal.entries == (policy == .dropOldest ? [4, 5] : [1, 2]))
    #expect(discards.all(.policy).first == (policy == .dropOldest ? "1" : "3"))
    #expect(failures.entries == (policy == .fail ? ["\(FlowBufferOverflow(capacity: 2))"] : []))
  }

  @Test func `the end waits for the other one`() throws {
    let gate = TestFlow<Int>("gate")
    let seen = source.flow.tee(buffer: 2, whenFull: .backpressure) { copy in
      _ = try? await copy.collect()
      _ = try await gate.flow.first()
    }.record(in: time)
    time.run()
    source.send(1)
    source.fail()
    time.run()
    try seen.expect(1)
    try seen.expectNothing()
    #expect(source.isReleased)
    gate.send(0)
    time.run()
    try seen.expectFailure(MarbleError.self)
  }

  @Test func `goes on alone when the other one returns`() throws {
    let seen = source.flow.tee(buffer: 1, whenFull: .backpressure) { copy in _ = try await copy.first() }
      .record(in: time)
    time.run()
    source.send(1, 2, 3, 4)
    time.run()
    source.finish()
    time.run()
    try seen.expect(1, 2, 3, 4)
    try seen.expectFinished()
  }

  @Test func `does not need the other one to look at its copy`() throws {
    let seen = source.flow.tee(buffer: 1, whenFull: .backpressure) { _ in }.record(in: time)
    time.run()
    source.send(1, 2)
    try seen.expect(1, 2)
    seen.cancel()
  }

  @Test func `an error of the other one is its own`() throws {
    let errors = Journal<String>()
    let seen = source.flow.tee(buffer: 1, whenFull: .backpressure) { _ in throw MarbleError() }
      .onDiscard(of: (any Error).self) { error, _ in errors.note("\(type(of: error))") }
      .record(in: time)
    time.run()
    source.send(1)
    source.finish()
    time.run()
    try seen.expect(1)
    try seen.expectFinished()
    #expect(errors.entries == ["MarbleError"])
  }

  @Test func `cancels the other one`() throws {
    let ends = Journal<String>()
    let seen = source.flow.tee(buffer: 1, whenFull: .backpressure) { copy in
      do { try await copy.drain() } catch { ends.note("\(type(of: error))") }
    }.record(in: time)
    time.run()
    seen.cancel()
    time.run()
    #expect(ends.entries == ["CancellationError"])
    try source.expectReleased()
  }

  @Test func `traps without space`() async {
    await #expect(processExitsWith: .failure) {
      _ = Flow.just(1).tee(buffer: 0, whenFull: .backpressure) { _ in }
    }
  }
}
