// Fewer, larger requests.
import FlowTesting
import Flows
import Testing

@Suite struct RebatchTests {
  @Test func `asks for many at a time, and again when few are left`() throws {
    try marbles(
      """
      source             -abcdef-------|
      rebatch(4, low 1)  -a---(bcd)(ef)|
      demand             1----3----*
      asked source       4----4
      """
    ) { $0["source"].rebatch(high: 4, low: 1) }
  }

  @Test func `asks for nothing before it is asked`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.rebatch(high: 4, low: 0).record(in: VirtualTime(), demand: 0)
    #expect(source.askedInTotal == 0)
    seen.request(1)
    #expect(source.askedInTotal == 4)
    source.send(1, 2, 3, 4, 5)
    try seen.expect(1)
    #expect(source.sent == 4)
    seen.request(2)
    try seen.expect(2, 3)
    #expect(source.askedInTotal == 4)
    seen.request(1)
    try seen.expect(4)
    #expect(source.askedInTotal == 8)
    #expect(source.sent == 5)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `delivers what waits before the end`() throws {
    try marbles(
      """
      source             -abc#
      rebatch(4, low 2)  -a-----b-(c#)
      demand             1------1-1
      """
    ) { $0["source"].rebatch(high: 4, low: 2) }
  }

  @Test(arguments: [(1, 0), (2, 1), (7, 3), (1000, 0)])
  func `loses nothing`(high: Int, low: Int) async throws {
    let flow = Flow.from(1...10_000).rebatch(high: high, low: low)
    #expect(try await flow.collect() == Array(1...10_000))
    var sum = 0
    for try await number in Flow.from(1...1000).rebatch(high: high, low: low).values { sum += number }
    #expect(sum == 500_500)
  }

  @Test func `hears of a cancellation when nothing passes its source`() throws {
    let polls = Box(0)
    let subscription = Box<FlowSubscription?>(nil)
    let idle = Flow<Int> { _ in
      { _ in
        polls.value += 1
        if polls.value == 1000 { subscription.value?.cancel() }
        return .more
      }
    }
    let time = VirtualTime()
    subscription.value = idle.subscribe(on: time).rebatch(high: 3, low: 0).subscribe { _ in }
    time.run()
    #expect(polls.value < 2000)
  }

  @Test func `discards what waits when it is cancelled`() throws {
    let discards = Discards()
    let source = TestFlow<Int>()
    let seen = source.flow.rebatch(high: 3, low: 0).telling(discards).record(in: VirtualTime(), demand: 1)
    source.send(1, 2, 3)
    seen.cancel()
    #expect(discards.all(.ended) == ["2", "3"])
    try source.expectReleased()
  }

  @Test func `traps on marks that make no sense`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).rebatch(high: 2, low: 2) }
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).rebatch(high: 1, low: -1) }
  }
}
