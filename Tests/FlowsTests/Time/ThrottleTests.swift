// At most one element per window of time.
import FlowTesting
import Synchronization
import Testing

@testable import Flows

@Suite struct ThrottleTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers the element that opens a window`() throws {
    try marbles(
      """
      source                  -abcde-----f-|
      throttle(3, .leading)   -a--d------f-|
      """
    ) { $0["source"].throttle(for: .milliseconds(3), edges: .leading) }
  }

  @Test func `delivers the latest element when a window closes`() throws {
    try marbles(
      """
      source                  -abcde-----f-|
      throttle(3, .trailing)  ----d--e-----(f|)
      """
    ) { $0["source"].throttle(for: .milliseconds(3), edges: .trailing) }
  }

  @Test func `delivers both edges of a window`() throws {
    try marbles(
      """
      source              -abcde-----f-|
      throttle(3, .both)  -a--d--e---f-|
      """
    ) { $0["source"].throttle(for: .milliseconds(3), edges: .both) }
  }

  @Test func `never delivers more than one element per window, and loses no last one`() throws {
    try marbles(
      """
      source               abcdefghijklm-----n------|
      throttle(3, .both)   a--d--g--j--m-----n------|
      """
    ) { $0["source"].throttle(for: .milliseconds(3), edges: .both) }
    try marbles(
      """
      source               ab-------cd------|
      throttle(3, .both)   a--b-----c--d----|
      """
    ) { $0["source"].throttle(for: .milliseconds(3), edges: .both) }
  }

  @Test func `a trailing element opens the next window`() throws {
    try marbles(
      """
      source              ab--c-----|
      throttle(3, .both)  a--b--c---|
      """
    ) { $0["source"].throttle(for: .milliseconds(3), edges: .both) }
  }

  @Test func `consumes without demand, and keeps the newest of what is due`() throws {
    let discards = Discards()
    let seen = source.flow.throttle(for: .milliseconds(3), edges: .both).telling(discards)
      .record(in: time, demand: .none)
    for number in 1...5 {
      source.send(number)
      time.advance(by: .milliseconds(1))
    }
    #expect(source.sent == 5 && source.asked == .max)
    // 1 was due at 0, 3 at 3, and 5 will be at 6.
    seen.request(1)
    try seen.expect(3, at: .milliseconds(5))
    seen.request(1)
    try seen.expectNothing()
    time.advance(by: .milliseconds(1))
    try seen.expect(5, at: .milliseconds(6))
    #expect(discards.all(.policy) == ["2", "1", "4"])
  }

  @Test func `flushes the trailing element at completion`() throws {
    let seen = source.flow.throttle(for: .milliseconds(3), edges: .both).record(in: time)
    source.send(1, 2, 3)
    try seen.expect(1, at: .zero)
    source.finish()
    try seen.expect(3, at: .zero)
    try seen.expectFinished(at: .zero)
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `waits for demand with what it flushes`() throws {
    let seen = source.flow.throttle(for: .milliseconds(3), edges: .trailing).record(in: time, demand: .none)
    source.send(1, 2)
    source.finish()
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(2)
    try seen.expectFinished()
  }

  @Test func `discards what waits when the upstream fails`() throws {
    let discards = Discards()
    let seen = source.flow.throttle(for: .milliseconds(3), edges: .trailing).telling(discards).record(
      in: time)
    source.send(1)
    source.fail()
    try seen.expectFailure(at: .zero)
    try seen.done()
    #expect(discards.all(.ended) == ["1"])
    #expect(time.pendingTimers == 0)
  }

  @Test func `lets go of everything when it is cancelled`() throws {
    let seen = source.flow.throttle(for: .milliseconds(3), edges: .trailing).record(in: time)
    source.send(1)
    #expect(time.pendingTimers == 1)
    seen.cancel()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `delivers in the course of time what a source without pauses brings`() throws {
    // Every element takes a microsecond, and the source never says that there is nothing.
    let clock = LooseClock()
    let busy = Flow<Int64> { _ in
      { room in
        while !room.isFull {
          clock.pass(.microseconds(1))
          if clock.now.nanoseconds > 5_000_000 { return .finished }
          room.append(clock.now.nanoseconds)
        }
        return .more
      }
    }
    let lags = Mutex<[Int64]>([])
    let subscription = busy.throttle(for: .milliseconds(1), edges: .leading).scheduler(clock)
      .subscribe { element in lags.withLock { $0.append(clock.now.nanoseconds - element) } }
    #expect(subscription.isEnded)
    // Each is seen within a chunk or two, not at the end.
    #expect(lags.withLock { $0.count == 5 && $0.allSatisfy { $0 <= 256_000 } })
  }

  @Test func `a window admits by what is open, and what waits`() {
    func at(_ milliseconds: Int64) -> FlowInstant { FlowInstant(nanoseconds: milliseconds * 1_000_000) }
    var window = ThrottleWindow(.milliseconds(3), .both)
    #expect(window.admit(at: at(0), behind: false) == .edge)
    #expect(window.end == at(3))
    #expect(window.admit(at: at(1), behind: false) == .candidate)
    #expect(window.admit(at: at(3), behind: true) == .candidate)
    #expect(!window.isOverdue(at: at(3)) && window.isOverdue(at: at(4)))
    #expect(window.admit(at: at(3), behind: false) == .edge)
    #expect(window.end == at(6))
    var leading = ThrottleWindow(.milliseconds(3), .leading)
    #expect(leading.admit(at: at(5), behind: false) == .edge)
    #expect(leading.admit(at: at(7), behind: false) == .outside)
    #expect(leading.admit(at: at(8), behind: false) == .edge)
    var trailing = ThrottleWindow(.milliseconds(3), .trailing)
    #expect(trailing.admit(at: at(5), behind: false) == .candidate)
    #expect(trailing.end == at(8))
  }
}
