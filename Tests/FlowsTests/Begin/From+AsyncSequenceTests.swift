// Asynchronous sequences, pulled at the consumer's pace.
import FlowTesting
import Testing

@testable import Flows

@Suite struct FromAsyncSequenceTests {
  let time = VirtualTime()
  let steps = Counter()

  @Test func `delivers the elements of an asynchronous sequence`() throws {
    try marbles(
      """
      sequence  -a-b-c-|
      from      -a-b-c-|
      """
    ) { .from($0["sequence"].values) }
  }

  @Test func `is asked for what is asked for, and for nothing when it has ended`() throws {
    try marbles(
      """
      sequence        -a-b-c---|--
      demand          1----2-----1
      from            -a---(bc)--|
      asked sequence  1----2------
      """
    ) { .from($0["sequence"].values) }
  }

  @Test func `an error of the sequence fails the flow`() throws {
    try marbles(
      """
      sequence  -a-#
      from      -a-#
      """
    ) { .from($0["sequence"].values) }
  }

  @Test func `never asks ahead`() throws {
    let seen = Flow.from(Steps(steps)).record(in: time, demand: 2)
    time.run()
    try seen.expect(1, 2)
    try seen.done()
    #expect(steps.count == 2)
    seen.request(1)
    time.run()
    try seen.expect(3)
    #expect(steps.count == 3)
  }

  @Test func `does nothing before the first request`() throws {
    let seen = Flow.from(Steps(steps)).record(in: time, demand: 0)
    time.run()
    #expect(steps.count == 0)
    seen.request(1)
    time.run()
    try seen.expect(1)
  }

  @Test func `asks for no more than is left when the room went to somebody else`() throws {
    let other = TestFlow<Int>("other")
    let seen = Flow.merge([.from(Steps(steps)), other.flow]).record(in: time, demand: 3)
    other.send(-1, -2)
    time.run()
    try seen.expect(-1, -2, 1)
    try seen.done()
    #expect(steps.count <= 3)
  }

  @Test func `letting the run go cancels the task and lets the iterator go`() throws {
    let live = LiveCount()
    let source = TestFlow<Int>()
    let flow = Flow.from(
      source.flow.map { [token = live.token()] in
        _ = token; return $0
      }.values)
    var seen: Recording<Int>? = flow.record(in: time)
    time.run()
    #expect(source.isActive)
    seen?.cancel()
    time.run()
    try source.expectReleased()
    #expect(source.cancellations == 1)
    seen = nil
    #expect(live.live == 1, "only the recipe holds one")
  }

  @Test func `an element that was under way when the run ended is discarded by name`() throws {
    let discards = Discards()
    let gate = TestFlow<Int>("gate")
    let seen = Flow<Int>.from(Stubborn(gate: gate)).telling(discards).record(in: time)
    time.run()
    seen.cancel()
    gate.send(7)
    time.run()
    try seen.done()
    #expect(discards.all(.ended) == ["7"])
  }

  @Test func `the task has the task-local values of the subscriber`() async throws {
    let seen = try await Local.$name.withValue("reader") {
      try await Flow.from(Names()).first()
    }
    #expect(seen == "reader")
  }

  @Test func `each run iterates anew`() throws {
    let flow = Flow.from(Steps(steps))
    let first = flow.record(in: time, demand: 2)
    let second = flow.record(in: time, demand: 1)
    time.run()
    try first.expect(1, 2)
    try second.expect(1)
  }

  @Test func `a hundred thousand elements pass from another thread`() async throws {
    let source = AsyncStream<Int> { continuation in
      for number in 1...100_000 { continuation.yield(number) }
      continuation.finish()
    }
    #expect(try await source.flow.reduce(0, +) == 5_000_050_000)
  }
}

enum Local {
  @TaskLocal static var name = "nobody"
}

/// Counts from 1 without end, and counts how often it was asked.
private struct Steps: AsyncSequence, Sendable {
  let steps: Counter
  init(_ steps: Counter) { self.steps = steps }
  struct Iterator: AsyncIteratorProtocol {
    let steps: Counter
    var last = 0
    mutating func next() async -> Int? {
      steps.add()
      last += 1
      return last
    }
  }
  func makeAsyncIterator() -> Iterator { Iterator(steps: steps) }
}

/// Answers who asks.
private struct Names: AsyncSequence, Sendable {
  struct Iterator: AsyncIteratorProtocol {
    mutating func next() async -> String? { Local.name }
  }
  func makeAsyncIterator() -> Iterator { Iterator() }
}

/// Waits for its gate in a task that no cancellation reaches.
private struct Stubborn: AsyncSequence, Sendable {
  let gate: TestFlow<Int>
  struct Iterator: AsyncIteratorProtocol {
    let gate: TestFlow<Int>
    mutating func next() async -> Int? {
      await withUnsafeContinuation { continuation in
        gate.flow.subscribe { continuation.resume(returning: $0) }.detach()
      }
    }
  }
  func makeAsyncIterator() -> Iterator { Iterator(gate: gate) }
}
