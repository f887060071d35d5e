// A call for each element.
import FlowTesting
import Testing

@testable import Flows

@Suite struct ForEachTests {
  let time = VirtualTime()

  @Test func `calls for each element`() throws {
    let seen = Box<[Int]>([])
    try time.run { try await Flow.from(1...3).forEach { seen.value += [$0] } }
    #expect(seen.value == [1, 2, 3])
  }

  @Test func `a call that awaits holds the next element back`() throws {
    let source = TestFlow<Int>()
    let seen = Box<[Int]>([])
    time.at(.milliseconds(1)) { source.send(1, 2) }
    time.at(.milliseconds(5)) { [time] in
      // The first call has been waiting since the beginning; nothing else was asked for.
      #expect(source.sent == 1)
      #expect(time.now == FlowInstant(nanoseconds: 5_000_000))
      source.finish()
    }
    try time.run { [time] in
      try await source.flow.forEach { element in
        try await time.sleep(until: time.now.advanced(by: .milliseconds(10)), tolerance: nil)
        seen.value += [element]
      }
    }
    #expect(seen.value == [1, 2])
    try source.expectReleased()
  }

  @Test func `throws what a call throws, and lets the flow go`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(1)) { source.send(1) }
    #expect(throws: MarbleError.self) {
      try time.run { try await source.flow.forEach { (_: Int) throws in throw MarbleError() } }
    }
    try source.expectReleased()
  }

  @Test func `a cancelled task lets the flow go at once, also while a call waits`() throws {
    let source = TestFlow<Int>()
    time.at(.milliseconds(1)) { source.send(1, 2) }
    let result = try time.run { [time] in
      let waiting = Task(executorPreference: time) {
        try await source.flow.forEach { (_: Int) async in
          // No cancellation ends this.
          await withCheckedContinuation { continuation in
            time.at(.milliseconds(10)) { continuation.resume() }
          }
        }
      }
      try await time.sleep(until: time.now.advanced(by: .milliseconds(3)), tolerance: nil)
      waiting.cancel()
      #expect(source.isReleased)
      return await waiting.result
    }
    #expect(throws: CancellationError.self) { try result.get() }
  }

  @Test func `several calls at a time, and no more`() async throws {
    let (active, most, done) = (Counter(), Box(0), Counter())
    try await Flow.from(1...50).forEach(maxConcurrent: 4) { _ in
      active.add()
      most.change { $0 = max($0, active.count) }
      await Task.yield()
      active.add(-1)
      done.add()
    }
    #expect(done.count == 50)
    #expect((1...4).contains(most.value))
  }

  @Test func `the first failure of several calls cancels the others`() throws {
    let source = TestFlow<Int>()
    let time = VirtualTime()
    let cancelled = Counter()
    #expect(throws: MarbleError.self) {
      try time.run {
        async let end: Void = source.flow.forEach(maxConcurrent: 2) { number in
          if number == 2 { throw MarbleError() }
          do { try await Flow<Int>.never().drain() } catch { cancelled.add() }
        }
        await Task.yield()
        source.send(1, 2, 3)
        try await end
      }
    }
    #expect(cancelled.count == 1)
    #expect(source.sent == 2)
    try source.expectReleased()
  }
}
