// A source that a test drives.
import FlowTesting
import Flows
import Testing

@Suite struct TestFlowTests {
  let time = VirtualTime()
  let source = TestFlow<Int>("a")

  @Test func `delivers what is asked for, and keeps the rest`() throws {
    let seen = source.flow.record(in: time, demand: 2)
    #expect(source.asked == 2)
    source.send(1, 2, 3)
    try seen.expect(1, 2)
    try seen.expectNothing()
    #expect(source.asked == 0)
    seen.request(2)
    try seen.expect(3)
    #expect(source.asked == 1)
    #expect(source.askedInTotal == 4)
    #expect(source.sent == 3)
  }

  @Test func `says that unlimited was asked for`() {
    let seen = source.flow.record(in: time)
    source.send(1, 2, 3)
    #expect(seen.elements == [1, 2, 3])
    #expect(source.asked == .max)
    #expect(source.askedInTotal == .max)
  }

  @Test func `completes behind what was sent`() throws {
    let seen = source.flow.record(in: time, demand: 1)
    source.send(1, 2)
    source.finish()
    try seen.expect(1)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(2)
    try seen.expectFinished()
    try seen.done()
    #expect(source.cancellations == 0)
    try source.expectReleased()
  }

  @Test func `fails with what it is told`() throws {
    let seen = source.flow.record(in: time)
    source.fail()
    try seen.expectFailure(MarbleError.self)
    #expect(!source.isActive)
  }

  @Test func `notices that it was cancelled, and that it was let go`() throws {
    let seen = source.flow.record(in: time)
    #expect(source.isActive)
    #expect(!source.isReleased)
    seen.cancel()
    #expect(source.cancellations == 1)
    #expect(source.asked == 0)
    try source.expectReleased()
    #expect(!source.send(1))
  }

  @Test func `is heard by all who listen, and by nobody else`() {
    #expect(!source.send(0))
    let first = source.flow.record(in: time)
    source.send(1)
    let second = source.flow.record(in: time)
    source.send(2)
    #expect(first.elements == [1, 2])
    #expect(second.elements == [2])
    #expect(source.subscriptions == 2)
  }

  @Test func `complains about what is not let go`() {
    Broken.leavesItsSource(source.flow).subscribe { _ in }.detach()
    #expect(throws: Unmet.self) { try source.expectReleased() }
  }

  @Test func `complains about a consumer that polls after the end`() {
    let source = source.flow
    let stubborn = Flow<Int> { context in
      let upstream = source.start(in: context)
      return { room in
        _ = upstream(&room)
        return .pending
      }
    }
    let seen = stubborn.record(in: time)
    self.source.finish()
    self.source.wake()
    #expect(self.source.violations == ["a: polled after its end (rule 1.7)"])
    seen.cancel()
  }

  @Test func `wakes for nothing without doing harm`() throws {
    let source = TestFlow<Int>("a", misbehaviour: [.wakesWithoutReason, .stutters])
    let seen = source.flow.record(in: time)
    source.wake(times: 10)
    source.send(1)
    try seen.expect(1)
    source.finish()
    try seen.expectFinished()
    try seen.done()
    try source.expectReleased()
  }

  @Test func `goes on after its end when it is told to, and nobody hears`() throws {
    let source = TestFlow<Int>("a", misbehaviour: [.signalsAfterEnd, .ignoresCancellation])
    let seen = source.flow.record(in: time)
    source.send(1)
    source.finish()
    source.send(2)
    source.fail()
    try seen.expect(1)
    try seen.expectFinished()
    try seen.done()
    #expect(source.violations.isEmpty)
  }

  @Test func `takes elements from any thread`() throws {
    let seen = source.flow.record(in: time)
    let threads = (0..<2).map { SystemScheduler(name: "sender.\($0)") }
    let done = (0..<2).map { _ in Flag() }
    for (thread, done) in zip(threads, done) {
      thread.execute { [source] in
        for number in 0..<1000 { source.send(number) }
        done.set()
      }
    }
    while !done.allSatisfy(\.isSet) {}
    source.finish()
    for thread in threads { thread.stop() }
    #expect(seen.elements.count == 2000)
    #expect(seen.violations.isEmpty)
    #expect(source.violations.isEmpty)
  }

  @Test func `tells what it knows when a flow is stuck`() throws {
    let error = try #require(throws: StuckFlow.self) {
      try time.run { [source] in try await source.flow.reduce(0, +) }
    }
    #expect(error.hints == ["a: active, 0 elements sent, asked for any number of more"])
  }
}
