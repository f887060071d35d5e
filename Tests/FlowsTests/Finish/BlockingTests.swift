// Waiting on a thread.
import FlowTesting
import Foundation
import Testing

@testable import Flows

@Suite struct BlockingTests {
  /// Runs `body` on a thread that no task runs on.
  private func onThread<R: Sendable>(_ body: @escaping @Sendable () throws -> R) async throws -> R {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result { try body() }) }.start()
    }
  }

  @Test func `waits for what comes from elsewhere`() async throws {
    let elements = try await onThread { try Flow.from(1...3).delay(for: .milliseconds(1)).blockingCollect() }
    #expect(elements == [1, 2, 3])
    #expect(try await onThread { try Flow.from(1...3).blockingFirst() } == 1)
    #expect(try await onThread { try Flow.from(1...3).blockingLast() } == 3)
    #expect(try await onThread { try Flow.just(4).blockingValue() } == 4)
    #expect(try await onThread { try Flow.from(1...3).blockingReduce(0, +) } == 6)
  }

  @Test func `throws what the flow fails with`() async {
    await #expect(throws: MarbleError.self) {
      try await onThread { try Flow<Int>.fail(MarbleError()).blockingCollect() }
    }
  }

  @Test func `gives up after its time, and lets the flow go`() async throws {
    let source = TestFlow<Int>()
    await #expect(throws: FlowBlockingError.timedOut(after: .milliseconds(1))) {
      try await onThread { try source.flow.blockingCollect(timeout: .milliseconds(1)) }
    }
    try source.expectReleased()
  }

  @Test func `refuses a thread that a task runs on`() {
    // This test is a task.
    #expect(throws: FlowBlockingError.insideTask) { try Flow.just(1).blockingCollect() }
  }

  @Test func `refuses the thread of a scheduler`() async {
    let scheduler = SystemScheduler(name: "blocking")
    defer { scheduler.stop() }
    let outcome = await withCheckedContinuation { continuation in
      scheduler.execute { continuation.resume(returning: Result { try Flow.just(1).blockingCollect() }) }
    }
    #expect(throws: FlowBlockingError.insideScheduler) { try outcome.get() }
  }
}
