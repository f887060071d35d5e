// Room between a producer and a slower consumer.
import FlowTesting
import Flows
import Testing

@Suite struct BufferTests {
  @Test func `gives up what waited longest`() throws {
    try marbles(
      """
      source             -abcd|
      buffer(2, oldest)  -a------c-(d|)
      demand             1-------1-1
      """
    ) { $0["source"].buffer(2, whenFull: .dropOldest) }
  }

  @Test func `gives up what arrives`() throws {
    try marbles(
      """
      source             -abcd|
      buffer(2, newest)  -a------b-(c|)
      demand             1-------1-1
      """
    ) { $0["source"].buffer(2, whenFull: .dropNewest) }
  }

  @Test func `fails after what waits when it overflows`() throws {
    try marbles(
      """
      source           -abc(d!)
      buffer(2, fail)  -a------b-(c#)
      demand           1-------1-1
      """
    ) { $0["source"].buffer(2, whenFull: .fail) }
  }

  @Test func `says how much it could hold`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.buffer(1, whenFull: .fail).record(in: VirtualTime(), demand: 0)
    source.send(1, 2)
    #expect(source.isReleased)
    seen.request(1)
    try seen.expect(1)
    #expect(try seen.expectFailure(FlowBufferOverflow.self) == FlowBufferOverflow(capacity: 1))
  }

  @Test func `makes one of two`() throws {
    try marbles(
      """
      source             -1234|
      buffer(2, reduce)  -1------2-(7|)
      demand             1-------1-1
      """
    ) { $0.ints("source").buffer(2, whenFull: .reduce { $0 + $1 }) }
  }

  @Test func `fails when the reduction throws`() throws {
    try marbles(
      """
      source             -12(3!)
      buffer(1, reduce)  -1------(2#)
      demand             1-------1
      """
    ) { $0.ints("source").buffer(1, whenFull: .reduce { _, _ in throw MarbleError() }) }
  }

  @Test func `asks for no more than there is space for`() throws {
    try marbles(
      """
      source                   -abcd----|
      buffer(2, backpressure)  -a-----b---(cd|)
      demand                   1------1---*
      asked source             2-1----1
      """
    ) { $0["source"].buffer(2, whenFull: .backpressure) }
  }

  @Test func `fills without demand`() throws {
    let source = TestFlow<Int>()
    let seen = source.flow.buffer(3, whenFull: .backpressure).record(in: VirtualTime(), demand: 0)
    #expect(source.asked == 3)
    source.send(1, 2, 3, 4)
    #expect(source.sent == 3)
    #expect(source.asked == 0)
    seen.request(2)
    try seen.expect(1, 2)
    #expect(source.sent == 4)
    #expect(source.asked == 1)
  }

  @Test func `lets the end wait for what waits`() throws {
    try marbles(
      """
      source     -ab#
      buffer(2)  -----a--(b#)
      demand     -----1--1
      """
    ) { $0["source"].buffer(2, whenFull: .backpressure) }
    try marbles(
      """
      source     -ab#
      buffer(2)  -----a--(b#)
      demand     -----1--1
      """
    ) { $0["source"].buffer(2, whenFull: .dropOldest) }
  }

  @Test(arguments: [BufferPolicy<Int>.backpressure, .dropNewest, .dropOldest, .fail])
  func `loses nothing to a consumer that keeps up`(policy: BufferPolicy<Int>) async throws {
    let flow = Flow.from(1...10_000).buffer(1, whenFull: policy)
    #expect(try await flow.reduce(0, +) == 50_005_000)
    var sum = 0
    let backpressured = Flow.from(1...1000).buffer(4, whenFull: .backpressure)
    for try await number in backpressured.values { sum += number }
    #expect(sum == 500_500)
  }

  @Test func `keeps consuming between the requests of an iterator`() throws {
    let source = TestFlow<Int>()
    let numbers = try VirtualTime().run {
      var numbers: [Int] = []
      let iterator = source.flow.buffer(2, whenFull: .dropOldest).values.makeAsyncIterator()
      source.send(1, 2, 3)
      numbers.append(try await iterator.next() ?? 0)
      source.send(4, 5)
      source.finish()
      while let number = try await iterator.next() { numbers.append(number) }
      return numbers
    }
    #expect(numbers == [2, 4, 5])
  }

  @Test func `discards what waits when it is cancelled`() throws {
    let held = LiveCount()
    let source = TestFlow<LiveCount.Token>()
    let subscription = source.flow.buffer(2, whenFull: .dropNewest).subscribe(demand: 0) { _ in }
    source.send(held.token(), held.token(), held.token())
    #expect(held.live == 2)
    subscription.cancel()
    try held.expectNone()
    try source.expectReleased()
  }

  @Test func `traps without space`() async {
    await #expect(processExitsWith: .failure) { _ = Flow.just(1).buffer(0, whenFull: .dropNewest) }
  }
}
