// Without the elements of the beginning.
import FlowTesting
import Flows
import Testing

@Suite struct DropWhileTests {
  @Test func `drops until one does not satisfy the condition`() throws {
    try marbles(
      """
      source            -1-2-3-1-|
      drop { below 3 }  -----3-1-|
      """
    ) { $0.ints("source").drop { $0 < 3 } }
  }

  @Test func `asks the condition no more than it must`() async throws {
    let asked = Box(0)
    let sum = try await Flow.from([1, 2, 3, 1]).drop {
      asked.value += 1
      return $0 < 3
    }.reduce(0, +)
    #expect(sum == 4)
    #expect(asked.value == 3)
  }

  @Test func `makes up for what it drops`() throws {
    try marbles(
      """
      source            -1-2-3-1-|
      drop { below 3 }  -----3---(1|)
      demand            1--------1
      asked source      11-1-----1
      """
    ) { $0.ints("source").drop { $0 < 3 } }
  }

  @Test func `fails when the condition throws`() throws {
    try marbles(
      """
      source          -1-(2!)
      drop { throws } ---#
      """
    ) { $0.ints("source").drop { if $0 == 2 { throw MarbleError() } else { true } } }
  }

  @Test func `passes on an end that comes before`() throws {
    try marbles(
      """
      source            -1-2-|
      drop { below 3 }  -----|
      """
    ) { $0.ints("source").drop { $0 < 3 } }
  }
}
