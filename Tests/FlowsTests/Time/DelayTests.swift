// Everything later.
import FlowTesting
import Testing

@testable import Flows

@Suite struct DelayTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers elements and the completion later`() throws {
    try marbles(
      """
      source    -a-b--c|
      delay(3)  ----a-b--c|
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
  }

  @Test func `fails at once, and discards what is under way`() throws {
    try marbles(
      """
      source    -a-b--c#
      delay(3)  ----a-b#
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
    let discards = Discards()
    let seen = source.flow.delay(for: .milliseconds(3)).telling(discards).record(in: time)
    source.send(1, 2)
    source.fail()
    try seen.expectFailure(at: .zero)
    #expect(discards.all(.ended) == ["1", "2"])
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `delays a completion without elements`() throws {
    try marbles(
      """
      source    -|
      delay(3)  ----|
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
  }

  @Test func `asks for no more than was asked for, counting what is under way`() throws {
    try marbles(
      """
      source        abcdefgh------|
      delay(3)      ---ab--c---d----
      demand        2---1---1
      asked source  2---1---1
      """
    ) { $0["source"].delay(for: .milliseconds(3)) }
  }

  @Test func `asks again when it has delivered, and was asked again`() throws {
    let seen = source.flow.delay(for: .milliseconds(3)).record(in: time, demand: 2)
    source.send(1, 2, 3, 4)
    #expect(source.sent == 2)
    seen.request(1)
    #expect(source.sent == 3)
    time.advance(by: .milliseconds(3))
    try seen.expect(1, 2, 3, at: .milliseconds(3))
    #expect(source.sent == 3 && source.asked == 0)
  }

  @Test func `delays elements one by one, in order`() throws {
    let seen = source.flow.delay(for: .milliseconds(3)).record(in: time)
    for number in 1...4 {
      source.send(number)
      time.advance(by: .milliseconds(2))
    }
    source.finish()
    time.advance(by: .milliseconds(10))
    try seen.expect(1, at: .milliseconds(3))
    try seen.expect(2, at: .milliseconds(5))
    try seen.expect(3, at: .milliseconds(7))
    try seen.expect(4, at: .milliseconds(9))
    try seen.expectFinished(at: .milliseconds(11))
    try seen.done()
    #expect(time.pendingTimers == 0)
  }

  @Test func `lets go of everything when it is cancelled`() throws {
    let discards = Discards()
    let seen = source.flow.delay(for: .milliseconds(3)).telling(discards).record(in: time)
    source.send(1, 2)
    seen.cancel()
    #expect(discards.all(.ended) == ["1", "2"])
    #expect(time.pendingTimers == 0)
    try source.expectReleased()
  }

  @Test func `of no time at all changes nothing`() throws {
    let seen = Flow.from(0..<1000).delay(for: .zero).record(in: time)
    #expect(seen.elements == Array(0..<1000))
    try #require(seen.end != nil)
    #expect(time.pendingTimers == 0)
  }

  /// So large that one poll carries one of them.
  private struct Large: Sendable {
    private typealias Row = (Int, Int, Int, Int, Int, Int, Int, Int)
    private typealias Rows = (Row, Row, Row, Row, Row, Row, Row, Row)
    let number: Int
    private var rest: (Rows, Rows)?
    init(_ number: Int) { self.number = number }
  }

  /// What is expected of numbers that come every millisecond and are delayed by 300.
  private func expectEach<Element>(
    _ flow: Flow<Element>, _ number: @escaping (Element) -> Int
  ) {
    let seen = flow.record(in: time)
    for number in 0..<1000 { time.at(.milliseconds(number)) { [source] in source.send(number) } }
    time.advance(by: .seconds(2))
    let delays = seen.events.compactMap { event -> Duration? in
      guard case .element(let element) = event.signal else { return nil }
      return FlowInstant(nanoseconds: 0).duration(to: event.instant) - .milliseconds(number(element))
    }
    #expect(delays == Array(repeating: .milliseconds(300), count: 1000))
    seen.cancel()
  }

  @Test func `delays each element by the same time, however many are on their way`() {
    expectEach(source.flow.delay(for: .milliseconds(300))) { $0 }
  }

  @Test func `also with operators behind it`() {
    expectEach(source.flow.delay(for: .milliseconds(300)).map { "\($0)" }.filter { _ in true }) { Int($0)! }
  }

  @Test func `also elements of which one poll carries one`() {
    #expect(Chunk<Large>.capacity == 1)
    expectEach(source.flow.map { Large($0) }.delay(for: .milliseconds(300))) { $0.number }
  }

  @Test func `asks for no more than was asked for, when that is more than one poll carries`() throws {
    let seen = source.flow.delay(for: .milliseconds(3)).record(in: time, demand: 300)
    for number in 0..<1000 { source.send(number) }
    #expect(source.sent == 300)
    time.advance(by: .milliseconds(3))
    #expect(seen.elements == Array(0..<300))
    #expect(source.sent == 300)
    seen.request(200)
    #expect(source.sent == 500)
    let first = source.flow.delay(for: .milliseconds(3)).prefix(150).record(in: time)
    for number in 0..<1000 { source.send(number) }
    time.advance(by: .milliseconds(3))
    #expect(first.elements == Array(0..<150))
    #expect(source.violations == [])
  }

  @Test func `holds a bounded number of a source that never runs dry`() {
    let taken = Counter()
    let endless = Flow.from(0...).map { number in
      taken.add()
      return number
    }
    let seen = endless.delay(for: .milliseconds(3)).record(in: time)
    #expect(taken.count == 65_536)
    time.advance(by: .milliseconds(3))
    #expect(seen.elements.count == 65_536 && seen.elements.last == 65_535)
    seen.cancel()
  }
}
