// One value, on its way.
import FlowTesting
import Testing

@testable import Flows

@Suite struct PromiseTests {
  let source = TestFlow<Int>()

  @Test func `starts at once, and is told once for all who wait`() async throws {
    let promise = source.flow.promise()
    #expect(source.subscriptions == 1)
    let heard = Box<[Int]>([])
    for _ in 0..<2 { promise.onComplete { heard.value += [(try? $0.get()) ?? -1] } }
    source.send(7)
    source.finish()
    #expect(heard.value == [7, 7])
    #expect(try await promise.value == 7)
    #expect(source.subscriptions == 1)
    try source.expectReleased()
  }

  @Test func `maps its value`() async throws {
    let promise = source.flow.promise().map { "\($0)!" }
    source.send(7)
    source.finish()
    #expect(try await promise.value == "7!")
  }

  @Test func `cancelled it ends with a cancellation, and lets the flow go`() async throws {
    let promise = source.flow.promise()
    promise.cancel()
    promise.cancel()
    await #expect(throws: CancellationError.self) { try await promise.value }
    try source.expectReleased()
  }

  @Test func `let go it cancels`() throws {
    _ = source.flow.promise()
    try source.expectReleased()
  }

  @Test func `ends with the error of the flow`() async {
    let promise = source.flow.promise()
    source.fail()
    await #expect(throws: MarbleError.self) { try await promise.value }
  }

  @Test func `refuses a flow without an element`() async {
    let promise = Flow<Int>.empty().promise()
    await #expect(throws: FlowValueError.empty) { try await promise.value }
  }
}
