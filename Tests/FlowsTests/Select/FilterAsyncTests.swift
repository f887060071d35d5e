// The elements that satisfy an asynchronous condition.
import FlowTesting
import Flows
import Testing

@Suite struct FilterAsyncTests {
  let time = VirtualTime()
  let source = TestFlow<Int>()

  @Test func `delivers the elements whose call answers true`() throws {
    try marbles(
      """
      source       -1---2---3-|
      filterAsync  ---1-------(3|)
      """
    ) { sources in
      sources.ints("source").filterAsync { [time = sources.time] number in
        try await time.sleep(for: .milliseconds(2))
        return number % 2 == 1
      }
    }
  }

  @Test func `makes up for what it drops, one call at a time`() throws {
    let seen = source.flow.filterAsync { $0 > 2 }.record(in: time, demand: 1)
    #expect(source.asked == 1)
    source.send(1, 2, 3, 4)
    time.run()
    try seen.expect(3)
    #expect(source.sent == 3 && source.asked == 0)
    seen.cancel()
    try source.expectReleased()
  }

  @Test func `several calls at a time keep the order, unless told otherwise`() throws {
    for ordered in [true, false] {
      let seen = source.flow.filterAsync(maxConcurrent: 3, ordered: ordered) { [time] number in
        try await time.sleep(for: .milliseconds(number))
        return number != 2
      }.record(in: time)
      source.send(3, 2, 1)
      source.finish()
      time.run()
      #expect(seen.elements == (ordered ? [3, 1] : [1, 3]))
    }
  }

  @Test func `fails with what a call throws`() throws {
    let seen = source.flow.filterAsync { _ in throw MarbleError() }.record(in: time)
    source.send(1)
    time.run()
    try seen.expectFailure(MarbleError.self)
    try source.expectReleased()
  }
}
