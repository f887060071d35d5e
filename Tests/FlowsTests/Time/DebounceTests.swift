// Waits until the upstream is quiet.
import FlowTesting
import Flows
import Testing

@Suite struct DebounceTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers the last element of a burst`() throws {
    try marbles(
      """
      source       -a-b-c------d|
      debounce(3)  --------c----(d|)
      """
    ) { $0["source"].debounce(for: .milliseconds(3)) }
  }

  @Test func `an element that comes at the deadline replaces the one that is due`() throws {
    try marbles(
      """
      source       -a--b--c----|
      debounce(3)  ----------c-|
      """
    ) { $0["source"].debounce(for: .milliseconds(3)) }
  }

  @Test func `consumes without demand, and keeps what is due until it is asked for`() throws {
    let seen = source.flow.debounce(for: .milliseconds(3)).record(in: time, demand: .none)
    source.send(1)
    time.advance(by: .milliseconds(10))
    #expect(source.sent == 1 && source.asked == .max)
    try seen.expectNothing()
    seen.request(1)
    try seen.expect(1, at: .milliseconds(10))
    // Delivered once.
    seen.request(5)
    time.advance(by: .milliseconds(10))
    try seen.expectNothing()
  }

  @Test func `a newer element replaces one that is due and not asked for, and waits its own time`() throws {
    let discards = Discards()
    let seen = source.flow.debounce(for: .milliseconds(3)).telling(discards).record(in: time, demand: .none)
    source.send(1)
    time.advance(by: .milliseconds(5))
    source.send(2)
    seen.request(1)
    try seen.expectNothing()
    time.advance(by: .milliseconds(3))
    try seen.expect(2, at: .milliseconds(8))
    #expect(discards.all(.policy) == ["1"])
  }

  @Test func `flushes at completion, and waits for demand with it`() throws {
    let seen = source.flow.debounce(for: .milliseconds(3)).record(in: time, demand: .none)
    source.send(1, 2)
    source.finish()
    try seen.expectNothing()
    #expect(time.pendingTimers == 0)
    seen.request(1)
    try seen.expect(2, at: .zero)
    try seen.expectFinished(at: .zero)
    try seen.done()
    try source.expectReleased()
  }

  @Test func `completes without demand when nothing is held`() throws {
    let seen = source.flow.debounce(for: .milliseconds(3)).record(in: time, demand: .none)
    source.finish()
    try seen.expectFinished()
  }

  @Test func `discards what it holds when the upstream fails`() throws {
    let discards = Discards()
    let seen = source.flow.debounce(for: .milliseconds(3)).telling(discards).record(in: time)
    source.send(1)
    source.fail()
    try seen.expectFailure(MarbleError.self, at: .zero)
    try seen.done()
    #expect(discards.all(.ended) == ["1"])
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `lets go of everything when it is cancelled`() throws {
    let discards = Discards()
    let seen = source.flow.debounce(for: .milliseconds(3)).telling(discards).record(in: time)
    source.send(1)
    #expect(time.pendingTimers == 1)
    seen.cancel()
    #expect(time.pendingTimers == 0)
    #expect(discards.all(.ended) == ["1"])
    try source.expectReleased()
    time.advance(by: .milliseconds(10))
    try seen.done()
  }

  @Test func `delivers what is due to a consumer that is merged with a fuller one`() throws {
    let seen = source.flow.debounce(for: .milliseconds(3)).merge(with: .from([7, 8]))
      .record(in: time, demand: 1)
    source.send(1)
    time.advance(by: .milliseconds(5))
    seen.request(2)
    #expect(Set(seen.elements) == [7, 8, 1])
  }

  @Test func `of no time at all delivers the last of what is there at once`() throws {
    let seen = Flow.from([1, 2, 3]).merge(with: .never()).debounce(for: .zero).record(in: time)
    try seen.expect(3, at: .zero)
    try seen.done()
    seen.cancel()
  }
}
