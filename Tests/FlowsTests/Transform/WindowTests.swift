// Parts of a flow, as flows.
import FlowTesting
import Flows
import Testing

@Suite struct WindowTests {
  private struct Refusal: Error {}
  let time = VirtualTime()
  let source = TestFlow<Int>("source")

  /// Each window as the text of its elements, written where it begins.
  private func texts<Element: Sendable>(_ windows: Flow<Flow<Element>>) -> Flow<String> {
    let names = Counter()
    return windows.map { _ in
      names.add()
      return ["x", "y", "z"][names.count - 1]
    }
  }

  @Test func `delivers a flow for so many elements`() throws {
    try marbles(
      """
      source     -a-b-c-d-e-|
      window(2)  -x---y---z-|
      """
    ) { texts($0["source"].window(ofCount: 2)) }
  }

  @Test func `delivers flows that are full, or whose time has come`() throws {
    try marbles(
      """
      source        -abcd-------e-|
      window(3, 4)  -x--y-------z-|
      """
    ) { texts($0["source"].window(ofCount: 3, orEvery: .milliseconds(4))) }
  }

  @Test func `delivers flows of neighbours that belong together`() throws {
    try marbles(
      """
      source         -1-2-4-5-7-|
      window { +1 }  -x---y---z-|
      """
    ) { texts($0.ints("source").window(by: { $0 + 1 == $1 })) }
  }

  @Test func `delivers flows up to an element that ends them`() throws {
    try marbles(
      """
      source             -1-2-3-4-5-|
      window { is even } -x---y---z-|
      """
    ) { texts($0.ints("source").window(until: { $0 % 2 == 0 })) }
  }

  @Test func `delivers flows of what comes between two signals`() throws {
    try marbles(
      """
      source         -a-b-c----d-|
      signal         ----s---s----
      window(signal) -x---y----z-|
      """
    ) { texts($0["source"].window(signal: $0["signal"])) }
  }

  private func arrays(_ windows: Flow<Flow<Int>>) -> Flow<[Int]> {
    windows.concatMap { window in window.chunks(ofCount: 100) }
  }

  @Test func `has the elements of the arrays that the same words make`() throws {
    let numbers = Flow.from([1, 2, 4, 5, 7, 8, 9])
    #expect(arrays(numbers.window(ofCount: 3)).record(in: time).elements == [[1, 2, 4], [5, 7, 8], [9]])
    #expect(
      arrays(numbers.window(by: { $0 + 1 == $1 }, buffer: 2)).record(in: time).elements
        == [[1, 2], [4, 5], [7, 8, 9]])
    #expect(
      arrays(numbers.window(until: { $0 % 2 == 0 }, buffer: 9)).record(in: time).elements
        == [[1, 2], [4], [5, 7, 8], [9]])
  }

  @Test func `a window ends when its time has come`() throws {
    let seen = arrays(source.flow.window(ofCount: 3, orEvery: .milliseconds(4))).record(in: time)
    source.send(1)
    time.advance(by: .milliseconds(4))
    try seen.expect([1], at: .milliseconds(4))
    source.send(2, 3, 4, 5)
    try seen.expect([2, 3, 4], at: .milliseconds(4))
    source.finish()
    try seen.expect([5], at: .milliseconds(4))
    try seen.expectFinished()
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `asks for what is asked of the window, and so much ahead`() throws {
    let windows = source.flow.window(ofCount: 4, buffer: 2).record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(1, 2, 3, 4, 5, 6)
    #expect(windows.elements.count == 1)
    #expect(source.sent == 1)
    let first = windows.elements[0].record(in: time, demand: 0)
    #expect(source.sent == 1)
    first.request(1)
    try first.expect(1)
    #expect(source.sent == 3)
    first.request(9)
    try first.expect(2, 3, 4)
    try first.expectFinished()
    #expect(source.sent == 4)
    windows.cancel()
    try source.expectReleased()
  }

  @Test func `a window that is let go is skipped`() throws {
    let discards = Discards()
    let flow = source.flow.window(ofCount: 3).telling(discards).map { _ in 0 }
    let seen = flow.record(in: time)
    source.send(1, 2, 3, 4)
    try seen.expect(0, 0)
    #expect(discards.all(.policy) == ["1", "2", "3", "4"])
    let other = TestFlow<Int>()
    let some = other.flow.window(ofCount: 3).concatMap { $0.prefix(1) }.record(in: time)
    other.send(1, 2, 3, 4, 5)
    try some.expect(1, 4)
    seen.cancel()
    some.cancel()
    try other.expectReleased()
    try source.expectReleased()
  }

  @Test func `a failure is that of the present window, too`() throws {
    let windows = source.flow.window(ofCount: 2).record(in: time)
    source.send(1)
    let first = windows.elements[0].record(in: time)
    source.fail()
    try first.expect(1)
    try first.expectFailure(MarbleError.self)
    #expect(windows.end != nil)
    try source.expectReleased()
  }

  @Test func `a closure that throws fails the flow and the window`() throws {
    let flow = source.flow.window(until: { number in
      if number == 2 { throw Refusal() }
      return false
    })
    let windows = flow.record(in: time)
    source.send(1)
    let first = windows.elements[0].record(in: time)
    source.send(2)
    try first.expect(1)
    try first.expectFailure(Refusal.self)
    try source.expectReleased()
  }

  @Test func `a window lives no longer than the run that it comes from, and runs once`() throws {
    let windows = source.flow.window(ofCount: 5).record(in: time)
    source.send(1)
    let first = windows.elements[0].record(in: time)
    let again = windows.elements[0].record(in: time)
    try again.expectFailure(FlowRunTwice.self)
    windows.cancel()
    try first.expect(1)
    try first.expectFailure(CancellationError.self)
    try source.expectReleased()
  }

  @Test func `the end waits for the demand of the last window`() throws {
    let windows = source.flow.window(ofCount: 1).record(in: time, demand: 1)
    source.send(1)
    source.finish()
    #expect(windows.end != nil)
    let (other, more) = (TestFlow<Int>(), VirtualTime())
    let few = other.flow.window(by: { $0 == $1 }, buffer: 4).record(in: more, demand: 1)
    other.send(1)
    let first = few.elements[0].record(in: more)
    other.send(2)
    other.finish()
    try first.expect(1)
    try first.expectFinished()
    #expect(few.end == nil)
    few.request(1)
    #expect(few.end != nil)
    try few.elements[1].record(in: more).expect(2)
    try other.expectReleased()
  }
}
