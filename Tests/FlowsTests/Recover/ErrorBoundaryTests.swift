// A part of a flow whose failures end at its edge.
import FlowTesting
import Flows
import Synchronization
import Testing

private struct Refused: Error {}

@Suite struct ErrorBoundaryTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()
  let other = TestFlow<Int>("other")

  @Test func `delivers a last element and completes`() throws {
    try marbles(
      """
      source                      -a-b-#
      errorBoundary { .emit(x) }  -a-b-(x|)
      """
    ) { $0["source"].errorBoundary(label: "test") { _ in .emit("x") } }
  }

  @Test func `lets a failure through`() throws {
    let seen = source.flow.errorBoundary(label: "test") { _ in .propagate }.record(in: time)
    source.fail()
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }

  @Test func `completes instead`() throws {
    let seen = source.flow.errorBoundary(label: "test") { _ in .complete }.record(in: time, demand: 1)
    source.send(1)
    source.fail()
    try seen.expect(1)
    try seen.expectFinished()
    try source.expectReleased()
  }

  @Test func `goes on with another flow, whose failure it does not hear of`() throws {
    let calls = Atomic<Int>(0)
    let seen = source.flow.errorBoundary(label: "test") { [source, other] _ in
      #expect(source.isReleased)
      calls.add(1, ordering: .relaxed)
      return .resume(other.flow)
    }.record(in: time, demand: 2)
    source.send(1)
    source.fail()
    #expect(other.asked == 1)
    other.send(2)
    other.fail(Refused())
    try seen.expect(1, 2)
    try seen.expectFailure(Refused.self)
    #expect(calls.load(ordering: .relaxed) == 1)
  }

  @Test func `says what failed, where, and after how much`() throws {
    let contexts = Mutex<[FlowErrorContext]>([])
    let line = #line + 1
    let inner = source.flow.errorBoundary(label: "inner") { context in
      contexts.withLock { $0.append(context) }
      return .propagate
    }
    let seen = inner.map { $0 + 1 }.errorBoundary(label: "outer") { context in
      contexts.withLock { $0.append(context) }
      return .complete
    }.record(in: time)
    source.send(1, 2, 3)
    source.fail()
    try seen.expect(2, 3, 4)
    try seen.expectFinished()
    let (first, second) = contexts.withLock { ($0[0], $0[1]) }
    #expect(first.label == "inner" && first.path == ["outer", "inner"] && first.emitted == 3)
    #expect(first.file == "FlowsTests/ErrorBoundaryTests.swift" && first.line == UInt(line))
    #expect(first.error is MarbleError)
    #expect(second.label == "outer" && second.path == ["outer"] && second.emitted == 3)
    #expect(
      first.description
        == "outer > inner (FlowsTests/ErrorBoundaryTests.swift:\(line)) failed after 3 elements: \(MarbleError())"
    )
  }

  @Test func `fails with what the choice throws`() throws {
    let seen = source.flow.errorBoundary(label: "test") { _ in throw Refused() }.record(in: time)
    source.fail()
    try seen.expectFailure(Refused.self)
  }

  @Test func `wraps the making of what is inside`() throws {
    let seen = Flow<Int>.errorBoundary(label: "test", onError: { .emit($0.emitted) }) { throw Refused() }
      .record(in: time)
    try seen.expect(0)
    try seen.expectFinished()
    let inside = Flow.errorBoundary(label: "test", onError: { .emit($0.emitted) }) { [source] in source.flow }
    #expect(source.subscriptions == 0)
    let rest = inside.record(in: time)
    source.send(7)
    source.fail()
    try rest.expect(7, 1)
    try rest.expectFinished()
  }

  @Test func `lets the failure of one element go no further than that element`() throws {
    let seen = Flow.from(1...4).flatMap(maxConcurrent: 1) { number in
      Flow.just(number)
        .map { number in
          if number == 2 { throw Refused() }
          return number
        }
        .errorBoundary(label: "one") { _ in .complete }
    }.record(in: time)
    try seen.expect(1, 3, 4)
    try seen.expectFinished()
  }

  @Test func `never hears of errors outside`() throws {
    let calls = Atomic<Int>(0)
    let seen = source.flow.errorBoundary(label: "test") { _ in
      calls.add(1, ordering: .relaxed)
      return .complete
    }
    .map { (_: Int) -> Int in throw Refused() }.record(in: time)
    source.send(1)
    try seen.expectFailure(Refused.self)
    #expect(calls.load(ordering: .relaxed) == 0)
    try source.expectReleased()
  }
}
