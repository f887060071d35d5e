// Without repetitions.
import FlowTesting
import Flows
import Testing

@Suite struct RemoveDuplicatesTests {
  @Test func `drops what is equal to the one before`() throws {
    try marbles(
      """
      source              -a-a-b-a-|
      removeDuplicates()  -a---b-a-|
      """
    ) { $0["source"].removeDuplicates() }
  }

  @Test func `drops what is the same in the eyes of the caller`() throws {
    try marbles(
      """
      source                            -1-2-4-5-|
      removeDuplicates { same parity }  -1-2---5-|
      """
    ) { $0.ints("source").removeDuplicates { $0 % 2 == $1 % 2 } }
  }

  @Test func `compares with the one that was delivered`() async throws {
    let steps = try await Flow.from([1.0, 1.4, 1.8, 2.2]).removeDuplicates { abs($0 - $1) < 0.5 }
      .reduce(into: []) { $0.append($1) }
    #expect(steps == [1.0, 1.8])
  }

  @Test func `remembers across batches`() async throws {
    let runs = try await Flow.from(0..<10_000).map { $0 / 1000 }.removeDuplicates().reduce(into: []) {
      $0.append($1)
    }
    #expect(runs == Array(0..<10))
    let words = try await Flow.from(0..<10_000).map { String($0 / 1000) }.removeDuplicates().reduce("", +)
    #expect(words == "0123456789")
  }

  @Test func `makes up for what it drops`() throws {
    try marbles(
      """
      source              -a-a-b-|
      removeDuplicates()  -a---b-|
      demand              11
      asked source        11-1
      """
    ) { $0["source"].removeDuplicates() }
  }

  @Test func `fails when the comparison throws`() throws {
    try marbles(
      """
      source                       -1-(2!)
      removeDuplicates { throws }  -1-#
      """
    ) { $0.ints("source").removeDuplicates { _, _ in throw MarbleError() } }
  }

  @Test func `lets the last element go with the run`() throws {
    let held = LiveCount()
    let source = TestFlow<LiveCount.Token>()
    let subscription = source.flow.removeDuplicates { _, _ in false }.subscribe { _ in }
    source.send(held.token(), held.token())
    #expect(held.live == 1)
    subscription.cancel()
    try held.expectNone()
  }
}
